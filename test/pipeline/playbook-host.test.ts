import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../shared/cli/commands.ts';
import { DIST } from '../support/built.ts';
import { pagePlaybook } from '../support/playbooks.ts';

const DEADLINE_MS = 20_000;
const POLL_MS = 20;
const TOKEN = 'token-of-this-test';

let work: string;
let host: ChildProcess;
let url: string;
let output = '';

const addressIn = (text: string): string | undefined =>
  text.includes('Ctrl-C') ? /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] : undefined;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'fenghuo-playbook-'));
  host = spawn(process.execPath, [join(DIST, 'local/main.js')], {
    cwd: work,
    env: { PATH: process.env.PATH ?? '', FENGHUO_PORT: '0', FENGHUO_TOKEN: TOKEN },
  });
  for (const stream of [host.stdout, host.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const until = Date.now() + DEADLINE_MS;
  while (addressIn(output) === undefined) {
    if (Date.now() > until) throw new Error(output);
    await wait(POLL_MS);
  }
  url = addressIn(output) ?? '';
});
afterAll(async () => {
  if (host.exitCode === null) {
    const exited = new Promise((resolve) => host.once('exit', resolve));
    host.kill('SIGTERM');
    await exited;
  }
  rmSync(work, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: an answer as it comes, asserted by shape
const get = async (path: string): Promise<any> => {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return response.json();
};

const fenghuo = (...words: string[]) => runCommand(words, { FENGHUO_URL: url, FENGHUO_TOKEN: TOKEN, LANG: 'en' });

describe('the playbook of the page on the real host', () => {
  it('is verified and run from the command line, and reaches the group, the inbox and the mailbox', async () => {
    const file = join(work, 'playbook.json');
    writeFileSync(file, pagePlaybook());
    const verified = await fenghuo('playbook', 'verify', file);
    expect(verified).toMatchObject({ exitCode: 1, err: '' });
    expect(verified.out).toContain('warning  NotifyMessage_2: The resource instance acde2ae8');
    expect(verified.out).toContain('reminder  NotifyMessage_1: aliuid "1766xxxx"');

    const ran = await fenghuo('playbook', 'run', file);
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    expect(ran.out).toMatch(/NotifyMessage_1: done.*\n {2}Delivered 2 of 2\./);
    expect(ran.out).toMatch(/NotifyMessage_2: done.*\n {2}Delivered 1 of 1\. Email xxx@163\.com: delivered\./);

    const mails = await get('/sandbox/api/messages?provider=email');
    expect(JSON.stringify(mails)).toContain('Custom notification test');
    const posts = await get('/sandbox/api/messages?provider=dingtalk');
    expect(JSON.stringify(posts)).toContain('产生安全事件：Event generation test');
    expect(await get('/api/inbox/lead')).toMatchObject({
      items: [{ title: '【云安全中心】产生安全事件：Event generation test' }],
    });

    const runs = await get('/api/playbooks/runs');
    expect(runs.items).toMatchObject([{ status: 'success', counts: { messages: 3, delivered: 3 } }]);
    expect((await get('/api/ledger')).balanced).toBe(true);
    const { items } = await get('/api/deliveries');
    expect(items.map(({ rule }: { rule: string }) => rule).sort()).toEqual([
      'playbook:NotifyMessage_1',
      'playbook:NotifyMessage_1',
      'playbook:NotifyMessage_2',
    ]);
    const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
    expect(metrics).toMatch(/fenghuo_attempts_total\{[^}]*channel="email"[^}]*outcome="delivered"[^}]*\} 1/);
  });

  it('answers who has no token with 401, and describes its paths', async () => {
    const response = await fetch(`${url}/actions/NotifyMessage/notifyByCustom`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    const { paths } = await get('/openapi.json');
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/actions/NotifyMessage/notifyByMessageCenter', '/api/playbooks/runs/{id}']),
    );
  });

  it('tests the resource instance of the example', async () => {
    const answer = await fetch(`${url}/api/resource-instances/sandbox-mail/test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(await answer.json()).toMatchObject({ status: 'delivered', to: 'fenghuo@example.com' });
  });
});
