import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../shared/channels/channel.ts';
import { dingtalk } from '../../shared/channels/dingtalk/index.ts';
import { claimChannel } from '../../shared/channels/registry.ts';
import { ApiError } from '../../shared/console/api.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Target } from '../../shared/domain/target.ts';
import { createRosterSource } from '../../shared/stages/roster-source.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { createTestWorld } from '../support/test-platform.ts';

const robot = 'https://oapi.dingtalk.com/robot/send?access_token=token-one';
const kai = {
  name: 'kai',
  language: 'zh',
  webhook: { type: 'lark', url: 'https://open.feishu.cn/open-apis/bot/v2/hook/one' },
  email: 'kai@example.com',
  phone: '13800000000',
  inbox: 'kai',
};
const SETTINGS = {
  contacts: [kai, { name: 'mute' }],
  chatbots: [{ name: 'bot', type: 'lark', url: kai.webhook.url }],
  resourceInstances: [{ assetname: 'mail-out', emailUsername: 'a@example.com', emailPassword: 'invented' }],
  sms: { signName: 'Fenghuo', templateCode: 'SMS_1' },
  voice: { ttsCode: 'TTS_1' },
};

const DELIVERED: Outcome = { kind: 'delivered', code: '0' };
const refusedBy = (code: string): Outcome => ({
  kind: 'refused',
  endpointDead: false,
  code,
  cause: 'auth',
  text: 'no',
  fix: { zh: `改 ${code}`, en: `mend ${code}` },
});

let seen: { target: Target; language: string }[];
let answers: Record<string, Outcome>;

const channelOf = (name: string): Channel => ({
  name,
  timeoutMs: 1_000,
  claims: () => false,
  send: async ({ language }, target) => {
    seen.push({ target, language });
    return answers[target.address] ?? answers[name] ?? DELIVERED;
  },
});
const EVERY = ['lark', 'sms', 'voice', 'email', 'inbox'].map(channelOf);

interface Ask {
  path?: string;
  query?: Record<string, string>;
  body?: string;
  headers?: Record<string, string>;
  channels?: readonly Channel[];
  settings?: object;
  reply?: string;
}

const ask = async ({ channels = EVERY, settings = SETTINGS, reply = '', ...call }: Ask = {}) => {
  const { platform } = createTestWorld({
    http: { send: async () => ({ status: 200, headers: {}, body: reply }) },
  });
  const roster = createRosterSource(platform, claimChannel);
  const api = consoleOf({
    ...platform,
    roster,
    ...consoleParts({ ...platform, claimChannel }, { channels }),
    claimChannel,
    parseYaml: JSON.parse,
    metricsText: () => Promise.resolve(''),
  });
  const headers = { authorization: `Bearer ${platform.accessToken}` };
  const request = { method: 'PUT', path: '/api/settings', query: {}, body: JSON.stringify(settings), headers };
  await api(request);
  const test = { ...request, method: 'POST', path: '/api/contacts/kai/test', body: '', ...call };
  try {
    const { status, body } = await api({ ...test, headers: { ...headers, ...call.headers } });
    return { status, ...JSON.parse(body) };
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, error: error.code, message: error.message };
    throw error;
  }
};

beforeEach(() => {
  seen = [];
  answers = {};
});

describe('the test of a contact', () => {
  it('tries every method that it has and is delivered when all of them were', async () => {
    const answer = await ask();
    expect(answer).toMatchObject({ status: 'delivered', code: '0', latencyMs: 0 });
    expect(answer.methods).toEqual(
      ['webhook', 'sms', 'voice', 'email', 'inbox'].map((method) => ({
        method,
        status: 'delivered',
        code: '0',
        latencyMs: 0,
      })),
    );
    expect(seen.map(({ target }) => target.address)).toEqual([
      kai.webhook.url,
      '+8613800000000',
      '+8613800000000',
      'kai@example.com',
      'kai',
    ]);
  });

  it('is what the first method came to that was not delivered, with the result of each beside it', async () => {
    answers = { sms: refusedBy('isv.X'), email: refusedBy('535') };
    const answer = await ask();
    expect(answer).toMatchObject({ status: 'refused', code: 'isv.X', cause: 'auth', fix: '改 isv.X' });
    const statuses = answer.methods.map((one: { method: string; status: string }) => [one.method, one.status]);
    expect(Object.fromEntries(statuses)).toEqual({
      webhook: 'delivered',
      sms: 'refused',
      voice: 'delivered',
      email: 'refused',
      inbox: 'delivered',
    });
    expect(answer.methods[3]).toMatchObject({ method: 'email', code: '535', fix: '改 535' });
  });

  it('speaks the language that the caller asks for, in the body or as a browser does, else that of the contact', async () => {
    answers = { email: refusedBy('535') };
    const fixOf = async (parts: Ask) => (await ask({ query: { method: 'email' }, ...parts })).fix;
    expect(await fixOf({ body: '{"language":"en"}' })).toBe('mend 535');
    expect(await fixOf({ headers: { 'accept-language': 'en-GB,zh;q=0.5' } })).toBe('mend 535');
    expect(await fixOf({ headers: { 'accept-language': 'en' }, body: '{"language":"zh"}' })).toBe('改 535');
    for (const header of ['*', 'fr', ''])
      expect(await fixOf({ headers: { 'accept-language': header } })).toBe('改 535');
    expect(seen.map(({ language }) => language)).toEqual(['en', 'en', 'zh', 'zh', 'zh', 'zh']);
  });

  it('tries one method when it is asked for one, and says when the contact does not have it', async () => {
    expect((await ask({ query: { method: 'sms' } })).methods).toMatchObject([{ method: 'sms', status: 'delivered' }]);
    expect(seen).toHaveLength(1);
    const { email: _, ...without } = kai;
    const settings = { ...SETTINGS, contacts: [without] };
    expect(await ask({ settings, query: { method: 'email' } })).toMatchObject({
      status: 404,
      error: 'target-not-found',
      message: 'The contact has no address for the method email.',
    });
    expect(await ask({ query: { method: 'fax' } })).toMatchObject({ status: 400 });
    expect(await ask({ path: '/api/contacts/mute/test' })).toMatchObject({ status: 404 });
    expect(await ask({ path: '/api/contacts/nobody/test' })).toMatchObject({ status: 404 });
    expect(seen).toHaveLength(1);
  });

  it('says of each method whose channel is not deployed what to do, and is refused only when none is', async () => {
    const channels = EVERY.filter(({ name }) => name !== 'voice');
    const answer = await ask({ channels });
    expect(answer).toMatchObject({ status: 'refused', code: 'channel-not-deployed', cause: 'other' });
    expect(answer.fix).toMatch(/渠道/);
    expect(answer.methods.filter(({ status }: { status: string }) => status === 'delivered')).toHaveLength(4);
    expect(await ask({ channels: [], query: { method: 'sms' } })).toMatchObject({
      status: 409,
      error: 'channel-not-deployed',
      message: 'This deployment has no channel sms, so nothing was sent.',
    });
  });

  it('tries every robot of a pool, each with its own secret', async () => {
    const second = `${kai.webhook.url}2`;
    const webhook = {
      ...kai.webhook,
      secret: 'first',
      pool: [{ url: second }, { url: `${second}3`, secret: 'third' }],
    };
    answers = { [second]: refusedBy('19021') };
    const answer = await ask({ settings: { contacts: [{ name: 'kai', webhook }] } });
    expect(answer).toMatchObject({ status: 'refused', code: '19021' });
    expect(answer.methods).toMatchObject([
      { method: 'webhook', status: 'delivered' },
      { method: 'webhook', robot: 2, status: 'refused' },
      { method: 'webhook', robot: 3, status: 'delivered' },
    ]);
    expect(seen.map(({ target }) => target.secret)).toEqual(['first', undefined, 'third']);
    expect(JSON.stringify(answer)).not.toMatch(/open-apis|third/);
  });
});

describe('the test of a chatbot', () => {
  it('answers as that of a contact does', async () => {
    expect(await ask({ path: '/api/chatbots/bot/test' })).toMatchObject({
      status: 'delivered',
      methods: [{ method: 'webhook', status: 'delivered' }],
    });
    expect(await ask({ path: '/api/chatbots/kai/test' })).toMatchObject({ status: 404 });
  });

  // Seed document 001, "What should I do if the webhook test returns a non-200 status code?"
  it.each([
    ['url', '{"errcode":300005,"errmsg":"token is not exist"}', /webhook address/, /地址|Webhook/],
    ['ip', '{"errcode":310000,"errmsg":"not in whitelist, from ip: 203.0.113.9"}', /IP/, /IP/],
    ['keyword', '{"errcode":310000,"errmsg":"keywords not in content"}', /keyword/, /关键词/],
    ['rate', '{"errcode":130101,"errmsg":"send too fast"}', /minute|min/, /分钟/],
  ])('tells the cause %s of a failed test and what to do, in both languages', async (...[cause, reply, en, zh]) => {
    const settings = { chatbots: [{ name: 'bot', url: robot }] };
    const askIn = (language: string) =>
      ask({
        path: '/api/chatbots/bot/test',
        channels: [dingtalk],
        settings,
        reply,
        body: JSON.stringify({ language }),
      });
    expect(await askIn('en')).toMatchObject({ cause, fix: expect.stringMatching(en) });
    const chinese = await askIn('zh');
    expect(chinese).toMatchObject({ cause, fix: expect.stringMatching(zh) });
    expect(JSON.stringify(chinese)).not.toMatch(/token-one|203\.0\.113\.9/);
  });
});
