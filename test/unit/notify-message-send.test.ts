import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { Channel, Notice } from '../../shared/channels/channel.ts';
import type { NotifyErrand } from '../../shared/domain/notify-message.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { NotifyOrder, NotifySendPorts } from '../../shared/stages/notify-message-errand.ts';
import { sendErrands } from '../../shared/stages/notify-message-send.ts';
import { aTarget } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/local-platform.ts';

const DELIVERED: Outcome = { kind: 'delivered', code: '0' };

let clock: FakeClock;
let memory: MemoryPlatform;
let seen: string[];
let send: (notice: Notice) => Promise<Outcome>;

const channel = (more: Partial<Channel> = {}): Channel => ({
  name: 'fake',
  timeoutMs: 5_000,
  claims: () => false,
  send: (notice) => {
    seen.push(notice.id);
    return send(notice);
  },
  ...more,
});
const errand = (address = 'a'): NotifyErrand => ({
  receiver: address,
  target: aTarget({ key: `fake:${address}`, channel: 'fake', address }),
  worded: { title: 'T', text: '' },
});
const portsOf = (more: Partial<Channel> = {}): NotifySendPorts => ({
  ...channelPorts({ clock, store: memory.store }),
  channels: [channel(more)],
});
const order = (more: Partial<NotifyOrder> = {}): NotifyOrder => ({
  requestId: 'r',
  rule: 'action:x',
  startedAtMs: clock.nowMs(),
  deadlineMs: clock.nowMs() + 25_000,
  ...more,
});

beforeEach(() => {
  clock = new FakeClock();
  memory = createMemoryPlatform(clock);
  seen = [];
  send = () => Promise.resolve(DELIVERED);
});

/** A run that dies while its attempt is under way. */
const die = async (ports: NotifySendPorts, same: NotifyOrder): Promise<void> => {
  send = () => new Promise(() => undefined);
  void sendErrands(ports, same, [errand()]);
  await until(() => seen.length === 1);
  send = () => Promise.resolve(DELIVERED);
};

describe('sending the messages of a call', () => {
  it('tells what came of the first run when it is repeated, and sends nothing', async () => {
    const same = order();
    const [first] = await sendErrands(portsOf(), same, [errand()]);
    const [again] = await sendErrands(portsOf(), same, [errand()]);
    expect([first?.status, again?.status, again?.delivery]).toEqual(['delivered', 'delivered', first?.delivery]);
    expect(seen).toHaveLength(1);
  });

  it('says that another run is sending it, until that one is given up', async () => {
    const same = order({ deadlineMs: Number.MAX_SAFE_INTEGER });
    await die(portsOf(), same);
    expect(await sendErrands(portsOf(), same, [errand()])).toMatchObject([{ status: 'unknown', code: 'under-way' }]);
    clock.advance(60_000);
    expect(await sendErrands(portsOf(), same, [errand()])).toMatchObject([{ status: 'delivered' }]);
    expect(new Set(seen).size).toBe(1);
    expect(seen).toHaveLength(2);
  });

  it('never repeats what may have arrived where the provider cannot tell a repeat', async () => {
    const same = order({ deadlineMs: Number.MAX_SAFE_INTEGER });
    const ports = portsOf({ repeatsUnanswered: false });
    await die(ports, same);
    clock.advance(60_000);
    expect(await sendErrands(ports, same, [errand()])).toMatchObject([{ status: 'unknown', code: 'no-answer' }]);
    expect(await sendErrands(ports, same, [errand()])).toMatchObject([{ status: 'unknown', code: 'no-answer' }]);
    expect(seen).toHaveLength(1);
  });

  it('does not claim that nothing went out when a channel falls over', async () => {
    send = () => Promise.reject(new Error('no'));
    expect(await sendErrands(portsOf(), order(), [errand()])).toMatchObject([{ status: 'unknown', code: 'no-answer' }]);
  });

  it.each([
    [{ kind: 'ambiguous', retryAfterMs: 0, maxAttempts: 2 }, 'unknown', 'dead'],
    [{ kind: 'retry', retryAfterMs: 0, maxAttempts: 2 }, 'refused', 'dead'],
    [{ kind: 'refused', endpointDead: true }, 'refused', 'refused'],
    [{ kind: 'throttled', retryAfterMs: 1_000 }, 'refused', 'refused'],
  ] as const)('tells %j as %s and keeps it as %s', async (kind, status, kept) => {
    const fix = { zh: '改', en: 'mend' };
    send = () => Promise.resolve({ ...kind, code: 'x', cause: 'other', text: '', fix });
    const [result] = await sendErrands(portsOf(), order(), [errand()]);
    expect(result).toMatchObject({ status, code: 'x', cause: 'other', fix });
    const row = await memory.store.get({ table: 'deliveries', pk: result?.delivery ?? '', sk: '' });
    expect(JSON.parse(row?.body ?? '{}')).toMatchObject({ status: kept, code: 'x', attempts: [{ n: 1, code: 'x' }] });
  });

  it('begins nothing after the deadline, and says of each what was not sent', async () => {
    send = () => {
      clock.advance(10_000);
      return Promise.resolve(DELIVERED);
    };
    const errands = Array.from({ length: 20 }, (_, at) => errand(`a${at}`));
    const results = await sendErrands(portsOf(), order({ deadlineMs: clock.nowMs() + 5_000 }), errands);
    expect(results).toHaveLength(20);
    expect(results.filter(({ code }) => code === 'deadline')).toHaveLength(20 - seen.length);
    expect(seen.length).toBeLessThan(20);
  });

  it('keeps the order of the receivers, whoever is slow', async () => {
    const errands = Array.from({ length: 20 }, (_, at) => errand(`a${at}`));
    const results = await sendErrands(portsOf(), order(), errands);
    expect(results.map(({ receiver }) => receiver)).toEqual(errands.map(({ receiver }) => receiver));
    expect(new Set(results.map(({ delivery }) => delivery)).size).toBe(20);
  });

  it('sends nothing while the store is away, and never loses what did go out', async () => {
    memory.outage = true;
    expect(await sendErrands(portsOf(), order(), [errand()])).toMatchObject([
      { status: 'refused', code: 'store-unavailable' },
    ]);
    expect(seen).toEqual([]);
    memory.outage = false;
    send = () => {
      memory.outage = true;
      return Promise.resolve(DELIVERED);
    };
    expect(await sendErrands(portsOf(), order(), [errand()])).toMatchObject([{ status: 'delivered' }]);
  });

  it('is not possible on a channel that this deployment does not have', async () => {
    const ports = { ...portsOf(), channels: [] };
    expect(await sendErrands(ports, order(), [errand()])).toMatchObject([{ code: 'channel-not-deployed' }]);
  });

  it('uses another robot of the pool when the first has no slot left', async () => {
    const quota = { windows: [{ limit: 1, windowMs: 60_000 }], maxSendMs: 5_000 };
    const first = { key: 'fake:a', address: 'a', keywords: [] };
    const pool = [first, { key: 'fake:b', address: 'b', keywords: [] }];
    const one = { ...errand(), target: { ...errand().target, pool } };
    const ports = portsOf({ quotaOf: () => quota });
    const codes = [];
    for (const requestId of ['1', '2', '3'])
      codes.push((await sendErrands(ports, order({ requestId }), [one]))[0]?.code);
    expect(codes).toEqual(['0', '0', 'quota']);
  });
});
