import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { runCommand } from '../../shared/cli/commands.ts';
import { differences } from '../../shared/cli/value-diff.ts';
import { wordsFor } from '../../shared/console/decision-words.ts';

interface Seen {
  method: string;
  url: string;
  authorization: string;
  type: string;
  user: string | undefined;
  note: string | undefined;
  body: string;
}

const HOOK = 'https://oapi.dingtalk.com/robot/send?access_token=token-one-0000000001';

let directory: string;
let server: Server;
let seen: Seen[];
let reply: { status: number; body: unknown };
let env: Record<string, string>;

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const run = (...args: string[]) => runCommand(args, env);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fenghuo-cli-'));
  seen = [];
  reply = { status: 200, body: {} };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const authorization = headers.authorization ?? '';
    const said = (name: string): string | undefined => headers[name]?.toString();
    seen.push({
      method,
      url,
      authorization,
      type: headers['content-type'] ?? '',
      user: said('x-fenghuo-user'),
      note: said('x-fenghuo-note'),
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(reply.status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  writeFileSync(join(directory, 'address'), `http://127.0.0.1:${port}\n`);
  writeFileSync(join(directory, 'token'), 'token-of-the-host\n');
  env = { FENGHUO_DATA_DIR: directory, LANG: 'en_US.UTF-8' };
});

afterEach(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
  });
  rmSync(directory, { recursive: true, force: true });
});

describe('usage', () => {
  it('is explained, and wrong usage ends with 2', async () => {
    for (const word of ['--help', 'help'])
      expect(await run(word)).toMatchObject({ exitCode: 0, out: expect.stringContaining('Usage') });
    for (const args of [
      [],
      ['nonsense'],
      ['constructor'],
      ['why'],
      ['why', 'a', 'b'],
      ['send'],
      ['test', 'robot', 'x'],
      ['--loud'],
      ['why', 'x', '--lang', 'fr'],
    ])
      expect((await run(...args)).exitCode).toBe(2);
    expect(seen).toEqual([]);
  });
});

describe('the host', () => {
  it('is found through its data directory, or through the environment', async () => {
    reply.body = { version: 1 };
    await run('export');
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/settings', authorization: 'Bearer token-of-the-host' });
    env.FENGHUO_TOKEN = 'other-token';
    await run('export');
    expect(seen[1]?.authorization).toBe('Bearer other-token');
  });

  it('is missed in one sentence when it is not there', async () => {
    env = { FENGHUO_URL: 'http://127.0.0.1:1', FENGHUO_TOKEN: 'x' };
    expect(await run('export')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/does not answer.*npm start/),
    });
    env = { FENGHUO_DATA_DIR: join(directory, 'none') };
    expect(await run('export')).toMatchObject({ exitCode: 1, err: expect.stringContaining('FENGHUO_TOKEN') });
  });

  it('is quoted when it refuses', async () => {
    reply = {
      status: 404,
      body: { error: { code: 'event-not-found', message: 'There is no such event.', details: [] } },
    };
    expect(await run('why', 'evt_1')).toEqual({
      exitCode: 1,
      out: '',
      err: 'There is no such event. (event-not-found)\n',
    });
  });
});

describe('send', () => {
  it('sends each file by its type and prints ids', async () => {
    reply = { status: 202, body: { accepted: [{ id: 'evt_1', name: 'A', duplicate: true }], rejected: [] } };
    const result = await run('send', file('a.json', '{}'), file('b.form', 'a=b'));
    expect(result).toEqual({ exitCode: 0, out: 'evt_1  A  (known already)\nevt_1  A  (known already)\n', err: '' });
    expect(seen.map(({ type, body }) => [type, body])).toEqual([
      ['application/json', '{}'],
      ['application/x-www-form-urlencoded', 'a=b'],
    ]);
  });

  it('ends with 1 when anything was rejected or a file cannot be read', async () => {
    reply = { status: 202, body: { accepted: [], rejected: [{ index: 2, code: 'bad', message: 'is bad' }] } };
    expect(await run('send', file('a.json', '{}'))).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('[2]: is bad (bad)'),
    });
    reply = {
      status: 400,
      body: { error: { code: 'not-understood', message: 'no', details: [{ path: '[0]', message: 'm' }] } },
    };
    expect(await run('send', file('a.json', '{}'))).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('[0]: m'),
    });
    const before = seen.length;
    expect(await run('send', file('a.json', '{}'), 'no-such-file')).toEqual({
      exitCode: 1,
      out: '',
      err: 'no-such-file: cannot be read\n',
    });
    expect(seen).toHaveLength(before);
  });
});

describe('why', () => {
  const event = {
    id: 'evt_1',
    level: 'critical',
    product: 'ecs',
    name: 'N',
    status: 'S',
    resource: { id: 'i-1', name: '' },
    region: 'r',
    receivedAtMs: 0,
    title: { zh: '题', en: 'title' },
  };
  const decision = {
    atMs: 0,
    stage: 'deliver',
    name: 'refused',
    text: wordsFor('refused'),
    rule: 'subscription:a',
    detail: 'd',
  };
  const told = {
    targetName: 'contact a',
    rule: 'subscription:a',
    status: 'refused',
    code: '310000',
    cause: 'keyword',
    fix: { zh: '加词', en: 'add it' },
  };

  it('is told in the language of the reader', async () => {
    reply.body = { event, notifications: [told], trace: [decision] };
    const english = await run('why', 'evt_1');
    expect(english.out).toMatch(
      /^title\n[\s\S]*contact a \(subscription:a\): refused \[310000, keyword\]\n {4}what to do: add it/,
    );
    const chinese = await run('why', 'evt_1', '--lang', 'zh');
    expect(chinese.out).toMatch(
      /^题\n {2}紧急 · [\s\S]*contact a \(subscription:a\)：被拒绝 \[310000, 关键词\]\n {4}处理办法：加词[\s\S]*refused: 被服务商拒绝/,
    );
    env.LANG = 'zh_CN.UTF-8';
    expect((await run('why', 'evt_1')).out).toBe(chinese.out);
    expect(seen[0]?.url).toBe('/api/events/evt_1');
  });

  it('says until when something waits, calls targets by their names, and keeps quiet about the code of success', async () => {
    const waits = { ...told, status: 'deferred', code: '130101', cause: 'rate', fix: undefined, untilMs: 60_000 };
    const fine = { ...told, status: 'delivered', code: '0', cause: undefined, fix: undefined };
    const trace = [{ ...decision, target: 'dingtalk:hash', targetName: 'contact a' }];
    reply.body = { event, notifications: [waits, fine], trace };
    const { out } = await run('why', 'evt_1');
    expect(out).toContain('waits (until 1970-01-01 00:01:00.000 UTC) [130101, rate]\n');
    expect(out).toContain('delivered\n');
    expect(out).toContain('[subscription:a → contact a, DingTalk]');
    expect(out).not.toContain('dingtalk:hash');
  });

  it('says by which channel a contact was told, by which robot of a pool, and where a message went on to', async () => {
    const target = 'sms:hash';
    const fellBack = [{ target: 'email:hash', targetName: 'contact b' }];
    const fine = { ...told, status: 'delivered', code: 'OK', cause: undefined, fix: undefined, target };
    reply.body = {
      event,
      notifications: [
        { ...fine, member: 2 },
        { ...fine, fellBack },
      ],
      trace: [],
    };
    const { out } = await run('why', 'evt_1');
    expect(out).toContain('contact a, SMS (subscription:a): delivered\n    robot 2 of the pool\n');
    expect(out).toContain('delivered\n    went on to: contact b, Email\n');
    const chinese = await run('why', 'evt_1', '--lang', 'zh');
    expect(chinese.out).toContain('contact a，短信 (subscription:a)：已送达\n    机器人池中第 2 个\n');
    expect(chinese.out).toContain('    已转由：contact b，邮件\n');
  });

  it('says when nobody was told', async () => {
    reply.body = { event, notifications: [], trace: [] };
    expect((await run('why', 'evt_1')).out).toContain('nobody');
  });
});

describe('settings', () => {
  const good = `version: 1\nchatbots:\n  - { name: bot, url: "${HOOK}", notifyOn: [alert], interval: 1m }\n`;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
  const clean = 'version: 1\nchatbots:\n  - { name: bot, url: "${env:ROBOT}", keywords: [Cloud], interval: 1m }\n';

  it('are checked without a host', async () => {
    const plain = await run('check', file('s.yaml', clean));
    expect(plain).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/: good\n {2}\$\{env:ROBOT\}: not set here/),
    });
    env.ROBOT = HOOK;
    expect((await run('check', file('s.yaml', clean))).out).toMatch(/: good\n$/);
    const chinese = await run('check', file('s.yaml', good), '--lang', 'zh');
    expect(chinese).toMatchObject({ exitCode: 1, out: expect.stringMatching(/明文.*警告 \[secret-in-the-clear\]/) });
    expect(chinese.out).not.toContain(HOOK);
    const bad = await run('check', file('s.yaml', `${clean}chatbot: []\n`));
    expect(bad).toMatchObject({ exitCode: 1, err: expect.stringMatching(/chatbot: unknown key.*chatbots/) });
    const broken = await run('check', file('s.json', '{"version":'));
    expect(broken).toMatchObject({ exitCode: 1, err: expect.stringContaining('is not JSON') });
    const findings = await run('check', file('s.yaml', `${clean}retention: { deliveries: 30d }\n`));
    expect(findings).toMatchObject({ exitCode: 1, out: expect.stringContaining('retention') });
    expect(seen).toEqual([]);
  });

  it('are applied with the variables that are set here', async () => {
    const words = { what: 'w', why: 'y', fix: 'f' };
    reply.body = { version: 4, findings: [{ ...words, zh: words, path: 'sms', severity: 'warn', code: 'x' }] };
    env.ROBOT = HOOK;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
    const text = 'chatbots: [{ name: a, url: "${env:ROBOT}" }, { name: b, url: "${env:ON_THE_HOST}" }]';
    const result = await run('apply', file('s.yaml', text));
    expect(result).toMatchObject({ exitCode: 0, out: expect.stringMatching(/version 4\n {2}sms: w/) });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
    const unknown = '${env:ON_THE_HOST}';
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      chatbots: [
        { name: 'a', url: HOOK },
        { name: 'b', url: unknown },
      ],
    });
  });

  it('say who applies them, and why when that is told', async () => {
    reply.body = { version: 4, findings: [] };
    env.USER = '凯';
    await run('apply', file('s.yaml', good), '--note', '值班 rota');
    expect(seen[0]).toMatchObject({
      user: encodeURIComponent('凯'),
      note: encodeURIComponent('值班 rota'),
    });
  });

  const bot = { name: 'bot', url: 'https://oapi.dingtalk.com/…0001', interval: '5m' };

  it('are compared with what is in force, object by object', async () => {
    reply.body = {
      changes: [
        {
          change: 'changed',
          kind: 'chatbots',
          name: 'bot',
          before: bot,
          after: { ...bot, interval: '1m' },
          secretsChanged: ['url'],
        },
        { change: 'added', kind: 'contacts', name: 'kai', after: { name: 'kai' }, secretsChanged: [] },
        { change: 'removed', kind: 'sections', name: 'sms', before: { signName: 's' }, secretsChanged: [] },
      ],
      reordered: ['subscriptions'],
    };
    expect(await run('diff', file('s.yaml', good))).toEqual({
      exitCode: 1,
      out: [
        '~ chatbots "bot"',
        '    - interval: "5m"',
        '    + interval: "1m"',
        '    ~ url: another secret that is shown alike',
        '+ contacts "kai"',
        '    + name: "kai"',
        '- sms',
        '~ subscriptions: in another order',
        '',
      ].join('\n'),
      err: '',
    });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/settings/diff' });
    reply.body = { changes: [], reordered: [] };
    expect(await run('diff', file('s.yaml', good))).toMatchObject({ exitCode: 0, out: 'no difference\n' });
  });

  it('are exported as YAML in their own order, which is taken back under any name', async () => {
    reply.body = { language: 'en', account: '1000000000000001', chatbots: [bot], version: 1 };
    const { out } = await run('export');
    expect(parseYaml(out)).toEqual(reply.body);
    expect(out.match(/^\w+(?=:)/gm)).toEqual(['language', 'account', 'chatbots', 'version']);
    reply.body = { version: 4, findings: [] };
    for (const name of ['e.yaml', 'e.json']) await run('apply', file(name, out));
    expect(seen.slice(1).map(({ body }) => JSON.parse(body ?? ''))).toEqual([parseYaml(out), parseYaml(out)]);
    expect(await run('export', 'x')).toMatchObject({ exitCode: 2 });
  });

  it('have a JSON Schema, in either language', async () => {
    const { out } = await run('schema', '--lang', 'en');
    expect(JSON.parse(out)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    expect(JSON.parse((await run('schema', '--lang', 'zh')).out).title).toMatch(/[一-龥]/);
    expect(await run('schema', 'x')).toMatchObject({ exitCode: 2 });
    expect(seen).toEqual([]);
  });

  const entry = {
    version: 7,
    at: '2026-11-25T01:02:03.000Z',
    kind: 'patch',
    who: { access: 'token', claimed: 'kai' },
    note: 'less noise',
    added: [],
    changed: [{ kind: 'chatbots', name: 'bot' }],
    removed: [],
    reordered: [],
    objects: 1,
  };

  it('have a history', async () => {
    reply.body = {
      items: [entry, { ...entry, version: 6, kind: 'start', who: { access: 'start' }, note: undefined, objects: 9 }],
      cursor: '0000000005/5.x',
    };
    expect((await run('history', '--lang', 'en')).out.split('\n')).toEqual([
      '7  2026-11-25T01:02:03.000Z  patch  says he is kai  ~ chatbots "bot"  # less noise',
      '6  2026-11-25T01:02:03.000Z  start  the start  ~ chatbots "bot", 8 more',
      'Older changes: GET /api/settings/history?cursor=0000000005%2F5.x',
      '',
    ]);
    reply.body = { items: [] };
    expect((await run('history', '--lang', 'zh')).out).toMatch(/没有变更/);
  });

  it('tell what one version has changed', async () => {
    const details = [
      {
        change: 'changed',
        kind: 'chatbots',
        name: 'bot',
        before: bot,
        after: { ...bot, interval: '1m' },
        secretsChanged: [],
      },
    ];
    reply.body = { ...entry, objects: 3, details };
    const { out } = await run('history', '7', '--lang', 'en');
    expect(seen[0]?.url).toBe('/api/settings/history/7');
    expect(out).toContain('~ chatbots "bot"\n    - interval: "5m"\n    + interval: "1m"\n2 further objects');
    expect(await run('history', '7', '8')).toMatchObject({ exitCode: 2 });
  });
});

describe('a difference', () => {
  it('follows names and not positions, and tells what came and went', () => {
    const a = { name: 'a', x: 1 };
    const b = { name: 'b', x: 2 };
    expect(differences({ list: [a, b] }, { list: [b, a] })).toEqual([]);
    expect(differences({ list: [a] }, { list: [b] })).toEqual([
      '- list[a]: {"name":"a","x":1}',
      '+ list[b]: {"name":"b","x":2}',
    ]);
    expect(differences({ list: ['x'] }, { list: { 0: 'x' } })).toHaveLength(2);
    expect(differences({ n: null }, { n: 0 })).toEqual(['- n: null', '+ n: 0']);
  });
});

describe('test', () => {
  it('ends with 1 unless the message was delivered', async () => {
    reply.body = { status: 'delivered', code: '0', latencyMs: 3 };
    expect(await run('test', 'chatbot', 'a b')).toMatchObject({ exitCode: 0 });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/chatbots/a%20b/test', body: '{"language":"en"}' });
    reply.body = { status: 'refused', code: '310000', cause: 'keyword', fix: 'add it', latencyMs: 3 };
    expect(await run('test', 'contact', 'a')).toMatchObject({ exitCode: 1, out: expect.stringContaining('add it') });
    expect((await run('test', 'contact', 'a', '--lang', 'zh')).out).toContain('a: 被拒绝 [310000, 关键词] 3 ms');
    reply.body = { status: 'ambiguous', code: 'ETIMEDOUT', cause: 'network', fix: 'ask', latencyMs: 3 };
    expect((await run('test', 'contact', 'a', '--lang', 'zh')).out).toContain('a: 结果未知，可能已送达 [ETIMEDOUT');
  });

  it('prints a line for each method of a contact, and for each robot of its pool', async () => {
    const failed = { status: 'refused', code: '310000', cause: 'keyword', fix: 'add it', latencyMs: 9 };
    const methods = [
      { method: 'webhook', status: 'delivered', code: '0', latencyMs: 4 },
      { method: 'webhook', robot: 2, ...failed },
      { method: 'email', status: 'delivered', code: '0', latencyMs: 8 },
    ];
    reply.body = { ...failed, methods };
    const { exitCode, out } = await run('test', 'contact', 'a');
    expect(exitCode).toBe(1);
    expect(out.split('\n')).toEqual([
      'a webhook: delivered 4 ms',
      'a webhook 2: refused [310000, keyword] 9 ms',
      '  add it',
      'a email: delivered 8 ms',
      '',
    ]);
  });
});

describe('route', () => {
  it('prints targets, messages and reasons', async () => {
    const title = { zh: '题', en: 'title' };
    reply.body = {
      event: { title },
      targets: [
        {
          target: 'webhook:t',
          targetName: 'contact a',
          rules: ['subscription:a'],
          intervalMs: 60_000,
          messages: [{ hello: 1 }, { msgtype: 'markdown', markdown: { title: 't', text: '#### head\n\nline' } }],
        },
      ],
      decisions: [{ atMs: 0, stage: 'match', name: 'matched', text: wordsFor('matched') }],
    };
    const { out, exitCode } = await run('route', file('e.json', '{}'));
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /contact a, Webhook \(subscription:a; interval 60 s\)[\s\S]*"hello": 1[\s\S]*matched: A rule wants it/,
    );
    expect(out).toContain('      #### head\n');
    expect(out).not.toContain('msgtype');
  });

  it('prints what the readers of every channel would see, and no card as it is sent', async () => {
    const messages = [
      { msgtype: 'markdown', markdown: { content: 'wecom line' } },
      { msgtype: 'text', text: { content: 'plain line' } },
      { text: 'slack line', blocks: [{ type: 'header' }] },
      { subject: 'subject', text: 'mail line' },
      { msg_type: 'interactive', card: { header: { title: { tag: 'plain_text', content: 'lark title' } } } },
      {
        msgtype: 'template_card',
        template_card: { horizontal_content_list: [{ keyname: 'Key', value: 'card value' }] },
      },
    ];
    const target = { target: 'lark:t', targetName: 'contact a', rules: [], intervalMs: 0, messages };
    reply.body = { event: { title: { zh: '题', en: 'title' } }, targets: [target], decisions: [] };
    const { out } = await run('route', file('e.json', '{}'));
    for (const line of ['wecom line', 'plain line', 'slack line', 'mail line', 'lark title', 'Key', 'card value'])
      expect(out).toContain(`      ${line}\n`);
    expect(out).not.toMatch(/[{}]/);
  });

  it('says in a sentence when the host answers in another form', async () => {
    reply.body = { event: {} };
    expect(await run('route', file('e.json', '{}'))).toEqual({
      exitCode: 1,
      out: '',
      err: 'The host answers in a form that this command line does not know: use the one that came with the host.\n',
    });
  });
});
