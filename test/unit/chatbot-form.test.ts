import { beforeEach, describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { claimChannel } from '../../shared/channels/registry.ts';
import { ApiError } from '../../shared/console/api.ts';
import type { Event } from '../../shared/domain/event.ts';
import type { Chatbot } from '../../shared/domain/settings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { createRosterSource, type RosterSource } from '../../shared/stages/roster-source.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { eventWith } from '../support/settings-samples.ts';
import { createTestWorld } from '../support/test-platform.ts';

const TOKEN_OF_ROBOT = 'token-of-the-group-0001';
const URL_OF_ROBOT = `https://oapi.dingtalk.com/robot/send?access_token=${TOKEN_OF_ROBOT}`;

/** The fields of "Add DingTalk Chatbot" as somebody fills them in. */
const FORM = {
  url: URL_OF_ROBOT,
  keywords: ['Security Center'],
  assetGroups: ['web', 'db'],
  notifyOn: ['vulnerability', 'baseline', 'alert', 'accessKeyLeak'],
  interval: '5m',
  language: 'en',
};

const OTHERS = {
  contacts: [{ name: 'kai', inbox: 'kai' }],
  assetGroups: [
    { name: 'web', resources: ['i-web*'] },
    { name: 'db', resources: ['i-db1'] },
    { name: 'rest', default: true },
  ],
  messageCenter: { recipients: ['kai'] },
  securityCenter: { notices: [{ item: 'alerts', notifyBy: ['inbox'] }] },
};

describe('the form of a chatbot', () => {
  let sent: { url: string; body: string }[];
  let roster: RosterSource;
  let ask: (method: string, path: string, body?: unknown) => Promise<{ status: number; text: string }>;
  beforeEach(async () => {
    sent = [];
    const { platform } = createTestWorld({
      http: {
        send: async ({ url, body = '' }) => {
          sent.push({ url, body });
          return { status: 200, headers: {}, body: '{"errcode":0,"errmsg":"ok"}' };
        },
      },
    });
    roster = createRosterSource(platform, claimChannel);
    const metricsText = () => Promise.resolve('');
    const api = consoleOf({
      ...platform,
      roster,
      ...consoleParts({ ...platform, claimChannel }),
      claimChannel,
      parseYaml,
      metricsText,
    });
    const headers = { authorization: `Bearer ${platform.accessToken}` };
    ask = async (method, path, body) => {
      const call = { method, path, query: {}, headers, body: body === undefined ? '' : JSON.stringify(body) };
      try {
        const { status, body: text } = await api(call);
        return { status, text };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return { status: error.status, text: JSON.stringify([error.code, error.details]) };
      }
    };
    await ask('PUT', '/api/settings', OTHERS);
  });

  const add = (parts: object = {}) => ask('PATCH', '/api/settings/chatbots/secops', { ...FORM, ...parts });
  const told = async (parts: Partial<Event> = {}) =>
    (await roster.current())
      .route(eventWith(parts))
      .map(({ rule, intervalMs, language }) => `${rule} ${intervalMs} ${language}`);
  const NOTICE = 'notice:alerts 0 zh';

  it('adds a chatbot that is enabled by default and in force at once', async () => {
    await roster.current();
    expect((await add()).status).toBe(200);
    expect(await told()).toEqual([NOTICE, 'chatbot:secops 300000 en']);
  });

  it('keeps the webhook URL confidential in every answer', async () => {
    const answers = [
      await add(),
      await ask('GET', '/api/settings'),
      await ask('POST', '/api/chatbots/secops/test'),
      await add({ url: `${URL_OF_ROBOT}&more=1`, interval: '2m' }),
    ];
    for (const { text } of answers) expect(text).not.toContain(TOKEN_OF_ROBOT);
    expect(answers[1]?.text).toContain('"secops"');
  });

  it('tells of the assets of one group or several, and of the kinds that it notifies on', async () => {
    await add({ notifyOn: ['vulnerability'] });
    const about = (id: string): Partial<Event> => ({
      type: 'Vulnerability',
      resource: { id, type: '', name: '', arn: '' },
    });
    expect(await told(about('i-web7'))).toEqual(['chatbot:secops 300000 en']);
    expect(await told(about('i-db1'))).toEqual(['chatbot:secops 300000 en']);
    expect(await told(about('i-other'))).toEqual([]);
    expect(await told({ type: 'Suspicious' })).toEqual([NOTICE]);
  });

  it.each([
    ['1m', 60_000],
    ['5m', 300_000],
    ['10m', 600_000],
    ['30m', 1_800_000],
    ['none', 0],
  ])('offers the interval %s', async (interval, ms) => {
    await add({ interval });
    expect(await told()).toContain(`chatbot:secops ${ms} en`);
  });

  it('refuses what the page does not offer, and then nothing is changed', async () => {
    await add();
    for (const parts of [
      { interval: '2m' },
      { language: 'fr' },
      { notifyOn: ['everything'] },
      { assetGroups: ['no'] },
      { url: 'x' },
    ])
      expect((await add(parts)).status).toBe(400);
    expect(await told()).toContain('chatbot:secops 300000 en');
    for (const missing of [{ url: URL_OF_ROBOT }, { name: 'bot' }])
      expect(checkSettings({ chatbots: [missing] }, {})).toMatchObject({ kind: 'invalid' });
  });

  it('tests the chatbot in its language with one of its keywords', async () => {
    await add();
    const { status, text } = await ask('POST', '/api/chatbots/secops/test');
    expect([status, JSON.parse(text).status]).toEqual([200, 'delivered']);
    expect(sent.map(({ url }) => url)).toEqual([URL_OF_ROBOT]);
    expect(sent[0]?.body).toContain('Security Center');
  });

  it('edits one field and leaves the others, the masked URL included', async () => {
    await add();
    const shown: { chatbots: Chatbot[] } = JSON.parse((await ask('GET', '/api/settings')).text);
    await ask('PATCH', '/api/settings/chatbots/secops', { ...shown.chatbots[0], interval: '30m', language: 'zh' });
    expect(await told()).toEqual([NOTICE, 'chatbot:secops 1800000 zh']);
    await ask('POST', '/api/chatbots/secops/test');
    expect(sent.at(-1)?.url).toBe(URL_OF_ROBOT);
  });

  it('disables and enables it', async () => {
    await add();
    await ask('PATCH', '/api/settings/chatbots/secops', { enabled: false });
    expect(await told()).toEqual([NOTICE]);
    await ask('PATCH', '/api/settings/chatbots/secops', { enabled: true });
    expect(await told()).toEqual([NOTICE, 'chatbot:secops 300000 en']);
  });

  it('deletes it and leaves the other methods working', async () => {
    await add();
    expect((await ask('DELETE', '/api/settings/chatbots/secops')).status).toBe(200);
    expect(await told()).toEqual([NOTICE]);
    expect((await roster.current()).targets.size).toBe(1);
    expect((await ask('POST', '/api/chatbots/secops/test')).status).toBe(404);
  });
});
