import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playbookCommand } from '../../shared/cli/playbook-command.ts';

interface Sent {
  path: string;
  body: unknown;
}

let directory: string;
let sent: Sent[];
let reply: { status: number; value: unknown };

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const run = (words: readonly string[], language: 'zh' | 'en' = 'en') =>
  playbookCommand(words, language, ({ path, body = '' }) => {
    sent.push({ path, body: JSON.parse(body) });
    return Promise.resolve({ ...reply, headers: new Headers() });
  });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fenghuo-cli-'));
  sent = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const FINDING = { node: 'A', code: 'x', riskLevel: 'error', detail: 'Mend it.' };

describe('fenghuo playbook', () => {
  it('verifies a file, and ends with 1 when there is an error', async () => {
    const path = file('p.json', '{"cells":[]}');
    reply = { status: 200, value: { ok: false, findings: [FINDING] } };
    expect(await run(['verify', path])).toEqual({ exitCode: 1, out: 'error  A: Mend it.\n', err: '' });
    expect(sent).toEqual([{ path: '/api/playbooks/verify', body: { playbook: { cells: [] }, lang: 'en' } }]);
    reply = { status: 200, value: { ok: true, findings: [] } };
    expect(await run(['verify', path], 'zh')).toEqual({ exitCode: 0, out: '没有发现问题。\n', err: '' });
  });

  it('runs a file with the event of another, and tells of each node', async () => {
    const node = { node: 'A', action: 'notifyByCustom', status: 'fail', message: 'One.\nTwo.', durationMs: 7 };
    const start = { ...node, node: 'start', action: '', status: 'success' };
    reply = {
      status: 200,
      value: { id: 'run_1', status: 'fail', findings: [FINDING], nodes: [start, node], durationMs: 9 },
    };
    const answer = await run(['run', file('p.json', '[]'), file('e.json', '{"a":1}')]);
    expect(answer).toEqual({
      exitCode: 1,
      out: 'error  A: Mend it.\nstart: done  7 ms\nA: failed  7 ms\n  One.\n  Two.\nRun run_1: failed  9 ms\n',
      err: '',
    });
    expect(sent[0]?.body).toEqual({ playbook: [], lang: 'en', event: { a: 1 } });
    reply = { status: 200, value: { id: 'run_1', status: 'success', findings: [], nodes: [], durationMs: 9 } };
    expect((await run(['run', file('p.json', '[]')])).exitCode).toBe(0);
    reply = { status: 200, value: { id: 'run_1', status: 'incomplete', findings: [], nodes: [], durationMs: 9 } };
    expect((await run(['run', file('p.json', '[]')])).exitCode).toBe(1);
  });

  it('says what is wrong with a file or with how it was called, and asks nobody', async () => {
    await expect(run(['run', file('p.json', '{')])).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('is not JSON'),
    });
    for (const words of [[], ['run'], ['walk', 'x'], ['run', 'a', 'b', 'c']])
      await expect(run(words)).rejects.toMatchObject({ exitCode: 2 });
    expect(sent).toEqual([]);
  });

  it('prints what the host refused', async () => {
    reply = { status: 400, value: { error: { code: 'not-a-playbook', message: 'No.', details: [] } } };
    await expect(run(['verify', file('p.json', '{}')])).rejects.toMatchObject({
      exitCode: 1,
      message: 'No. (not-a-playbook)',
    });
  });
});
