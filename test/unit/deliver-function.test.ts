import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dingtalk } from '../../shared/channels/dingtalk/index.ts';
import { email } from '../../shared/channels/email/index.ts';
import { claimChannel } from '../../shared/channels/registry.ts';
import { compileTargets } from '../../shared/domain/roster-targets.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { MailRequest } from '../../shared/ports/mail-transport.ts';
import { deliverFunction } from '../../shared/runtime/deliver-function.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { readSettings, saveSettings } from '../../shared/stages/settings.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const hookOf = (token: string) => `https://oapi.dingtalk.com/robot/send?access_token=${token}`;
const SETTINGS = {
  contacts: [{ name: 'ops', webhook: { url: hookOf('token-ops-0001'), keywords: ['Wolf'] } }],
  chatbots: [
    { name: 'off', url: hookOf('token-off-0001'), enabled: false },
    { name: 'pool', url: hookOf('token-pool-0001'), pool: [{ url: hookOf('token-pool-0002') }] },
  ],
  resourceInstances: [{ assetname: 'mail-out', emailUsername: 'a@163.com', emailPassword: 'invented-code' }],
};

let world: TestWorld;
let sent: string[];
let mails: MailRequest[];
let settings: Settings;

const keyOf = (name: string): string => {
  const book = compileTargets(settings, claimChannel);
  return book.chatbotKeys.get(name) ?? book.contactKeys.get(name)?.get('webhook') ?? '';
};

const invoke = (event: unknown, channel = dingtalk) =>
  deliverFunction(channel)(Buffer.from(JSON.stringify(event)), { function: { name: 'f', timeout: 60 } });

beforeEach(async () => {
  sent = [];
  mails = [];
  world = createTestWorld({
    http: {
      send: async ({ url }) => {
        sent.push(new URL(url).searchParams.get('access_token') ?? '');
        return { status: 200, headers: {}, body: '{"errcode":0,"errmsg":"ok"}' };
      },
    },
    mail: {
      send: async (request) => {
        mails.push(request);
        return { response: '250 OK', rejected: [] };
      },
    },
  });
  registerPlatform(world.platform);
  const { platform } = world;
  const saved = await saveSettings({ ...platform, env: {} }, { text: JSON.stringify(SETTINGS), format: 'json' });
  expect(saved.kind).toBe('saved');
  ({ settings } = await readSettings(platform));
});
afterEach(() => registerPlatform(undefined));

describe('a delivery function that is invoked', () => {
  it('sends a test message to the address that the settings have under the key, and tells what came of it', async () => {
    expect(await invoke({ kind: 'test', key: keyOf('ops'), language: 'en' })).toMatchObject({
      status: 'delivered',
      code: '0',
    });
    expect(sent).toEqual(['token-ops-0001']);
    expect(world.platform.metrics.text()).toContain('channel="dingtalk"');
  });

  it('sends one to a robot that is switched off, and to any robot of a pool', async () => {
    await invoke({ kind: 'test', key: keyOf('off'), language: 'zh' });
    await invoke({ kind: 'test', key: keyOf('pool'), language: 'zh' });
    await invoke({ kind: 'test', key: keyOf('pool'), robot: 2, language: 'zh' });
    expect(sent).toEqual(['token-off-0001', 'token-pool-0001', 'token-pool-0002']);
  });

  it('tries the sender of a resource instance', async () => {
    const call = { kind: 'test-sender', instance: 'mail-out', to: 'kai@example.com', language: 'en' };
    expect(await invoke(call, email)).toMatchObject({ status: 'delivered' });
    expect(mails[0]).toMatchObject({
      server: { user: 'a@163.com', password: 'invented-code' },
      mail: { to: [{ address: 'kai@example.com' }] },
    });
  });

  it.each([
    ['a key that the settings do not have', () => ({ kind: 'test', key: 'dingtalk:none', language: 'zh' })],
    ['a robot that its pool does not have', () => ({ kind: 'test', key: keyOf('pool'), robot: 3, language: 'zh' })],
    ['an instance that is not there', () => ({ kind: 'test-sender', instance: 'x', to: 'a@b.cn', language: 'zh' })],
    [
      'the sender of another channel',
      () => ({ kind: 'test-sender', instance: 'mail-out', to: 'a@b.cn', language: 'zh' }),
    ],
  ])('sends nothing for %s, and says so in the language of the caller', async (_, call) => {
    expect(await invoke(call())).toMatchObject({
      status: 'refused',
      code: 'target-removed',
      fix: expect.stringContaining('设置中已没有'),
    });
    expect(sent).toEqual([]);
  });

  it('fails for a call that it does not understand, and sends nothing', async () => {
    await expect(
      invoke({ kind: 'test', key: keyOf('ops'), url: hookOf('from-the-caller'), language: 'en' }),
    ).rejects.toThrow();
    await expect(invoke({ kind: 'test', language: 'en' })).rejects.toThrow();
    expect(sent).toEqual([]);
  });
});

describe('a delivery function with too little time', () => {
  const warnings = () => world.logged.filter(({ message }) => message === 'the timeout of the function is too short');
  const run = async (timeout: number) => {
    const handler = deliverFunction(dingtalk);
    for (let n = 0; n < 3; n += 1) await handler(Buffer.from('[]'), { function: { name: 'f', timeout } });
  };

  it('says once how much it needs', async () => {
    await run(19);
    expect(warnings()).toMatchObject([
      { level: 'warn', fields: { channel: 'dingtalk', timeout: 19, neededMs: 20_000 } },
    ]);
  });

  it('is silent when two attempts and the way back fit in', async () => {
    await run(20);
    expect(warnings()).toEqual([]);
  });
});

describe('a delivery function that a queue calls', () => {
  const call = () => ({ kind: 'test', key: keyOf('ops'), language: 'en', attempt: 0 });

  it('keeps a body that is no JSON as a dead letter', async () => {
    const broken = Buffer.from('{"kind":"test",');
    expect(await deliverFunction(dingtalk)(broken, {})).toEqual({ done: 0, again: 0, dead: 1 });
  });

  it.each([
    ['in a list', () => [call()]],
    ['as the body of a message', () => [{ data: { messageBody: JSON.stringify(call()) } }]],
    [
      'as a single cloud event',
      () => ({ specversion: '1.0', type: 'mns:Queue:SendMessage', data: { messageBody: call() } }),
    ],
  ])('takes no test call %s: it is a dead letter', async (_, event) => {
    expect(await invoke(event())).toEqual({ done: 0, again: 0, dead: 1 });
    expect(sent).toEqual([]);
  });
});
