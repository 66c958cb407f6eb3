import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANNELS } from '../../shared/channels/registry.ts';
import { CHANNEL_CASES, type ChannelCase, MERGED_EVENTS, mergedNotice, singleNotice } from './channel-cases.ts';
import { paceOf } from './channel-pace.ts';
import { instantPorts, type OpenPorts, openPorts } from './channel-ports.ts';
import { type ChannelProviders, openChannelProviders } from './channel-providers.ts';
import { channelRowsOf } from './channel-rows.ts';
import { verdictOf } from './report.ts';

const NOWHERE = { base: 'http://127.0.0.1:1', mailServer: '127.0.0.1:1' };
const byName = CHANNEL_CASES.map((subject): [string, ChannelCase] => [subject.channel.name, subject]);

const onceOver = (subject: ChannelCase, notice = singleNotice) =>
  paceOf({ subject, notice, places: NOWHERE, ports: instantPorts(subject.reply), next: { n: 1 } }, 0, 2);

test('has a case for every channel of the product', () => {
  expect(CHANNEL_CASES.map(({ channel }) => channel)).toEqual(CHANNELS);
});

test('merges as many events as it says, in both languages, under ids of their own', () => {
  expect(mergedNotice(1).digest.total).toBe(MERGED_EVENTS);
  expect(singleNotice(1).digest.total).toBe(1);
  expect(new Set([1, 2].map((n) => singleNotice(n).language))).toEqual(new Set(['en', 'zh']));
  expect(singleNotice(1).id).not.toBe(singleNotice(2).id);
});

describe.each(byName)('%s', (_, subject) => {
  test('takes single and merged messages over ports in memory', async () => {
    for (const notice of [singleNotice, mergedNotice]) {
      expect(await onceOver(subject, notice)).toMatchObject({ messages: 2, failures: 0 });
    }
  });

  test('sends each message to another target', () => {
    const addresses = Array.from({ length: 100 }, (_, n) => subject.target(n, NOWHERE).address);
    expect(new Set(addresses).size).toBe(100);
  });
});

test('counts what was not delivered and keeps the first explanation', async () => {
  const [first] = CHANNEL_CASES;
  if (first === undefined) throw new Error('there is no case');
  const pace = await onceOver({ ...first, reply: '{"errcode":310000,"errmsg":"keywords not in content"}' });
  expect(pace).toMatchObject({ messages: 2, failures: 2 });
  expect(pace.firstFailure).toContain('310000');
});

test('gives three rows without a verdict for a channel', () => {
  const [first] = CHANNEL_CASES;
  if (first === undefined) throw new Error('there is no case');
  const sent = { sentPerSecond: [700], sendingPercent: [40, 61, 90] };
  const rows = channelRowsOf(first, { singleUs: [9, 1, 5], mergedUs: [30, 20, 10], ...sent });
  expect(rows.map(({ ours }) => ours)).toEqual([5, 20, 700]);
  expect(rows[2]?.note).toBe('sender 61 % of a core');
  expect(rows.map(verdictOf)).toEqual(['', '', '']);
});

describe('against the fake providers', () => {
  let providers: ChannelProviders & { close(): Promise<void> };
  let open: OpenPorts;

  beforeAll(async () => {
    providers = await openChannelProviders();
    open = await openPorts(providers);
  });
  afterAll(async () => {
    await open.close();
    await providers.close();
  });

  test.each(byName)('%s delivers many messages within the rules of its provider', async (_, subject) => {
    const { base, mail } = providers;
    const places = { base, mailServer: `${mail.host}:${mail.port}` };
    const run = { subject, places, ports: open.ports, next: { n: 1 } };
    expect(await paceOf({ ...run, notice: singleNotice }, 0, 4)).toMatchObject({ messages: 4, firstFailure: '' });
    expect(await paceOf({ ...run, notice: mergedNotice }, 0, 2)).toMatchObject({ messages: 2, firstFailure: '' });
  });
});
