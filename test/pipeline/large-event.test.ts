import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilLedger } from '../bench/ledger.ts';
import { type HostProcess, startHost } from '../support/host-process.ts';

/** Lark waits for up to 55 s at full and half hours. */
const SETTLE_TIMEOUT_MS = 65_000;
const EVENT_CHARS = 140_000;
const FIELDS = 400;
const CHANNELS = ['dingtalk', 'lark', 'wecom', 'slack', 'webhook', 'email', 'sms', 'voice', 'inbox'] as const;
type ChannelName = (typeof CHANNELS)[number];

const PIECES = '火🔥警👩‍🚒报𠮷🇨🇳';
/** Chinese with emoji, among them characters of two and of eleven UTF-16 units. */
const fire = (chars: number, shift = 0): string =>
  PIECES.repeat(Math.ceil(chars / PIECES.length) + 1).slice(shift, chars);

const fields = (count: number, value: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`字段🔥${n}`, value]));

/** 300 KB in one text, in many fields, and in all that names the event. */
const SHAPES = {
  text: { name: 'Disk:Stalled', instanceName: 'web-1', content: { 描述: fire(EVENT_CHARS) } },
  fields: { name: 'Disk:Stalled', instanceName: 'web-1', content: fields(FIELDS, fire(EVENT_CHARS / FIELDS)) },
  names: { name: fire(EVENT_CHARS / 2), instanceName: fire(EVENT_CHARS / 2, 1), content: {} },
};
type Shape = keyof typeof SHAPES;
const LANGUAGES = ['zh', 'en'] as const;
type Language = (typeof LANGUAGES)[number];

const CASES = Object.keys(SHAPES).flatMap((shape) =>
  LANGUAGES.map((language, at) => ({ shape: shape as Shape, language, id: `${shape}-${language}`, at })),
);
type Case = (typeof CASES)[number];

const envelopeOf = ({ shape, id }: Case): string =>
  JSON.stringify({
    product: 'ECS',
    level: 'CRITICAL',
    eventTime: '20260311T093005.120+0800',
    regionId: id,
    resourceId: `acs:ecs:${id}:1:instance/i-${id}`,
    ...SHAPES[shape],
  });

const phoneOf = (one: Case): string => `+86138${String(CASES.indexOf(one)).padStart(8, '0')}`;

const uuidOf = (one: Case): string => `00000000-0000-4000-8000-${String(CASES.indexOf(one)).padStart(12, '0')}`;

/** Where each channel leads for one case, and how the sandbox calls that place. */
const placesOf = (one: Case): Readonly<Record<ChannelName, string>> => ({
  dingtalk: `token-${one.id}`,
  lark: uuidOf(one),
  wecom: uuidOf(one),
  slack: `secret0${one.id.replace('-', '0')}0000`,
  webhook: `tickets-${one.id}`,
  email: `${one.id}@example.com`,
  sms: phoneOf(one).slice(3),
  voice: phoneOf(one).slice(3),
  inbox: one.id,
});

const contactsOf = (one: Case, url: string): object[] => {
  const places = placesOf(one);
  const robots = {
    dingtalk: `dingtalk/robot/send?access_token=${places.dingtalk}`,
    lark: `lark/open-apis/bot/v2/hook/${places.lark}`,
    wecom: `wecom/cgi-bin/webhook/send?key=${places.wecom}`,
    slack: `slack/services/T0/B0/${places.slack}`,
    webhook: `webhook/${places.webhook}`,
  };
  const { language } = one;
  return [
    ...Object.entries(robots).map(([type, path]) => ({
      name: `${type}-${one.id}`,
      language,
      webhook: { type, url: `${url}/sandbox/${path}` },
    })),
    { name: `person-${one.id}`, language, email: places.email, phone: phoneOf(one), inbox: places.inbox },
  ];
};

const METHODS = ['webhook', 'email', 'sms', 'voice', 'inbox'];

const settingsFor = (url: string, mailServer: string): object => ({
  contacts: CASES.flatMap((one) => contactsOf(one, url)),
  contactGroups: CASES.map((one) => ({
    name: one.id,
    contacts: contactsOf(one, url).map((contact) => (contact as { name: string }).name),
  })),
  notificationPolicies: CASES.map(({ id }) => ({
    name: id,
    contactGroups: [id],
    channelsByLevel: { critical: METHODS },
    interval: 'none',
  })),
  subscriptions: CASES.map(({ id }) => ({ name: id, regions: [id], policy: id })),
  resourceInstances: [
    { assetname: 'post', emailUsername: 'post@example.com', emailPassword: 'code', emailSendServer: mailServer },
  ],
  sms: { signName: '烽火示例', templateCode: 'SMS_1' },
  voice: { ttsCode: 'TTS_1' },
});

interface Message {
  provider: string;
  verdict: string;
  request: unknown;
  text: string;
}

/** Every text in a value, however deep. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) => [key, ...textsIn(part)])
    : [];
};

let dataDir = '';
let host: HostProcess;
let url = '';

const ask = async (call: string, body?: string): Promise<unknown> => {
  const [method = '', path = ''] = call.split(' ');
  const headers = { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  expect(answer.ok, text.slice(0, 500)).toBe(true);
  return JSON.parse(text);
};

/** What a place of the sandbox got. */
const receivedAt = async (channel: ChannelName, one: Case): Promise<Message[]> => {
  if (channel === 'inbox') {
    const { items } = (await ask(`GET /api/inbox/${one.id}`)) as { items: { text: string }[] };
    return items.map((request) => ({ provider: channel, verdict: 'delivered', request, text: request.text }));
  }
  const target = encodeURIComponent(placesOf(one)[channel]);
  const answer = await ask(`GET /sandbox/api/messages?provider=${channel}&target=${target}`);
  return (answer as { messages: Message[] }).messages;
};

const SAYS_MORE = { zh: /事件中还有 (\d+) 项详情/, en: /(\d+) more details? in the event/ };
const SAYS_LEFT_OUT = { zh: /省略了 (\d+) 项详情/, en: /(\d+) details? left out/ };

const numberIn = (told: string, says: RegExp): number => Number(says.exec(told)?.[1] ?? 0);

interface Digest {
  top: { details: unknown[]; moreDetails: number }[];
}

/** How many fields of the event the reader of a message knows of, shown or counted. */
const knownFields = (channel: ChannelName, language: Language, request: unknown): number => {
  if (channel === 'webhook') {
    const [brief] = (request as { data: { digest: Digest } }).data.digest.top;
    return (brief?.details.length ?? 0) + (brief?.moreDetails ?? 0);
  }
  const told = textsIn(request).join('\n');
  const shown = new Set(told.match(/字段🔥\d+/gu));
  return shown.size + numberIn(told, SAYS_LEFT_OUT[language]) + numberIn(told, SAYS_MORE[language]);
};

/** A message of each shape says what is missing; phones have no room for details and are told none. */
const expectToSayWhatIsMissing = (channel: ChannelName, { shape, language }: Case, request: unknown): void => {
  const told = textsIn(request).join('\n');
  if (shape === 'names') expect(told).toContain('…');
  if (channel === 'sms' || channel === 'voice') return;
  if (shape === 'text' && numberIn(told, SAYS_LEFT_OUT[language]) !== 1) expect(told).toMatch(/🔥[^"]*(?:\.\.\.|…)/u);
  if (shape === 'fields') expect(knownFields(channel, language, request)).toBe(FIELDS);
};

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fenghuo-large-'));
  host = startHost({ dataDir, settings: {}, env: { FENGHUO_SANDBOX: 'on', FENGHUO_SETTINGS: '' } });
  url = await host.ready;
  const mailServer = /127\.0\.0\.1:\d+(?= \(emailSendServer\))/.exec(host.output())?.[0] ?? '';
  await ask('PUT /api/settings', JSON.stringify(settingsFor(url, mailServer)));
  for (const one of CASES) {
    const body = envelopeOf(one);
    expect(Buffer.byteLength(body)).toBeGreaterThan(300_000);
    await ask('POST /ingest', body);
  }
  await untilLedger({ url, token: host.token }, SETTLE_TIMEOUT_MS, (now) => now.inFlight === 0 && now.deferred === 0);
}, 90_000);

afterAll(async () => {
  await host?.kill();
  await rm(dataDir, { recursive: true, force: true });
});

describe.each(CASES)('an event of 300 KB of Chinese and emoji, $shape, told in $language', (one) => {
  it.each(CHANNELS)(
    'goes to %s once, is not refused, has only whole characters, and says what is missing',
    async (channel) => {
      const messages = await receivedAt(channel, one);
      expect(messages.map(({ verdict }) => verdict)).toEqual(['delivered']);
      const request = messages[0]?.request;
      expect(textsIn(request).filter((text) => /[\p{Cs}\ufffd]/u.test(text))).toEqual([]);
      expectToSayWhatIsMissing(channel, one, request);
    },
  );
});

it('leaves the books balanced, with everything delivered', async () => {
  const ledger = await ask('GET /api/ledger');
  const accepted = CASES.length * CHANNELS.length;
  expect(ledger).toMatchObject({ accepted, delivered: accepted, refused: 0, dead: 0, balanced: true });
});
