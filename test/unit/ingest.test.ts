import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/domain/message-size.ts';
import { type EventsMessage, eventsMessageSchema } from '../../shared/domain/messages.ts';
import type { Outbox } from '../../shared/ports/outbox.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { logRowSchema, readBatch, readEventRow } from '../../shared/stages/events-log.ts';
import { type IngestResult, ingest } from '../../shared/stages/ingest.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { ecsEvent } from '../support/ecs-event.ts';
import { FakeClock } from '../support/fake-clock.ts';

let clock: FakeClock;
let platform: MemoryPlatform;
beforeEach(() => {
  clock = new FakeClock();
  platform = createMemoryPlatform(clock);
});

const send = (value: unknown, outbox: Outbox = platform.outbox): Promise<IngestResult> =>
  ingest({ store: platform.store, outbox, clock })({ text: JSON.stringify(value), contentType: 'application/json' });

const queued = async (): Promise<EventsMessage[]> => {
  const messages = await platform.queue.receive({ queue: 'events', max: 1_000, visibilityMs: 1 });
  await platform.queue.acknowledge(
    'events',
    messages.map(({ receipt }) => receipt),
  );
  return messages.map(({ body }) => eventsMessageSchema.parse(JSON.parse(body)));
};

const logRows = async () => {
  const rows = await platform.store.range({ table: 'log', pk: 'log', limit: 1_000 });
  return rows.map(({ sk, body }) => ({ sk, ...logRowSchema.parse(JSON.parse(body)) }));
};

const decide = (batch: string) =>
  platform.store.write([{ table: 'decisions', pk: batch, sk: 'match', kind: 'put', when: 'any', body: '{}' }]);

/** Does its work up to the given number of commits and then fails, as a function that dies in between. */
const dyingAfter = (commits: number): Outbox => {
  let left = commits;
  return {
    commit: (writes, messages) => {
      if (left === 0) throw new StoreUnavailableError('gone');
      left -= 1;
      return platform.outbox.commit(writes, messages);
    },
  };
};

describe('new events', () => {
  it('are stored, logged and queued under one batch in one commit', async () => {
    const result = await send([ecsEvent(1), ecsEvent(2)]);
    expect(platform.calls).toEqual({ reads: 0, writes: 1, sends: 0 });
    expect(result.rejected).toEqual([]);
    expect(result.accepted.map(({ name, duplicate }) => [name, duplicate])).toEqual([
      ['Instance:StateChange', false],
      ['Instance:StateChange', false],
    ]);
    const [message] = await queued();
    const [log] = await logRows();
    expect(message?.events.map(({ id }) => id)).toEqual(result.accepted.map(({ id }) => id));
    expect(log).toMatchObject({ batch: message?.batch, receivedAtMs: clock.nowMs() });
    expect(log?.sk).toBe(`${clock.nowMs()}-${message?.batch}`);
    expect(log?.entries.map(({ id }) => id)).toEqual(result.accepted.map(({ id }) => id));
    const row = await readEventRow(platform.store, result.accepted[0]!.id);
    expect(row).toMatchObject({ batch: message?.batch, event: message?.events[0] });
    expect(JSON.parse(row!.raw.text)).toEqual(ecsEvent(1));
  });

  it('sixteen of them cost one commit', async () => {
    await send(Array.from({ length: 16 }, (_, n) => ecsEvent(n)));
    expect(platform.calls).toEqual({ reads: 0, writes: 1, sends: 0 });
    expect(await queued()).toHaveLength(1);
  });

  it('are split so that each message fits the queue, and each part is a batch of its own', async () => {
    const big = Array.from({ length: 60 }, (_, n) => ecsEvent(n, { content: { state: 'x', text: '汉'.repeat(650) } }));
    const result = await send(big);
    const messages = await queued();
    expect(messages.length).toBeGreaterThan(2);
    for (const message of messages)
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(messages.flatMap(({ events }) => events.map(({ id }) => id))).toEqual(result.accepted.map(({ id }) => id));
    const logged = new Map((await logRows()).map(({ batch, entries }) => [batch, entries.map(({ id }) => id)]));
    for (const { batch, events } of messages) expect(logged.get(batch)).toEqual(events.map(({ id }) => id));
  });

  it('live although others of the call are refused', async () => {
    const result = await send([ecsEvent(1), 5]);
    expect(result.accepted).toHaveLength(1);
    expect(result.rejected).toEqual([{ index: 1, code: 'not-an-object', message: expect.any(String) }]);
  });

  it('are none when nothing can be understood, and the store is left alone', async () => {
    expect(await send([5])).toMatchObject({ accepted: [] });
    expect(platform.calls).toEqual({ reads: 0, writes: 0, sends: 0 });
  });
});

describe('events that were accepted before', () => {
  it('are told once when they come twice in one call', async () => {
    const result = await send([ecsEvent(1), ecsEvent(1), ecsEvent(2)]);
    expect(result.accepted.map(({ duplicate }) => duplicate)).toEqual([false, true, false]);
    expect((await queued())[0]?.events).toHaveLength(2);
  });

  it('are not sent again once match has decided about their batch', async () => {
    await send(ecsEvent(1));
    const [first] = await queued();
    await decide(first!.batch);
    clock.advance(5_000);
    expect((await send(ecsEvent(1))).accepted).toMatchObject([{ duplicate: true }]);
    expect(await queued()).toEqual([]);
    expect(await logRows()).toHaveLength(1);
  });

  it('are put on their way again, as the same batch, while match has not decided', async () => {
    await send([ecsEvent(1), ecsEvent(2), ecsEvent(3)]);
    const [first] = await queued();
    clock.advance(5_000);
    expect((await send(ecsEvent(2))).accepted).toMatchObject([{ duplicate: true }]);
    expect(await queued()).toEqual([first]);
  });

  it('do not hold up the new ones of the call', async () => {
    await send(ecsEvent(1));
    const [old] = await queued();
    await decide(old!.batch);
    clock.advance(1_000);
    const result = await send([ecsEvent(2), ecsEvent(1), ecsEvent(3)]);
    expect(result.accepted.map(({ duplicate }) => duplicate)).toEqual([false, true, false]);
    const messages = await queued();
    expect(messages).toHaveLength(1);
    expect(messages[0]?.events.map(({ resource }) => resource.id)).toEqual(['i-2', 'i-3']);
    const log = (await logRows()).find(({ batch }) => batch === messages[0]?.batch);
    expect(log?.entries.map(({ resource }) => resource.id)).toEqual(['i-2', 'i-3']);
    expect(await readBatch(platform.store, log!)).toEqual(messages[0]);
  });

  it('leave the first row and its raw body as they are', async () => {
    const { accepted } = await send(ecsEvent(1));
    clock.advance(1_000);
    await send(ecsEvent(1, { instanceName: 'renamed' }));
    const row = await readEventRow(platform.store, accepted[0]!.id);
    expect(JSON.parse(row!.raw.text)).toEqual(ecsEvent(1));
  });
});

describe('when the store or the process fails', () => {
  it('the failure reaches the caller and nothing is accepted', async () => {
    platform.outage = true;
    await expect(send(ecsEvent(1))).rejects.toThrow(StoreUnavailableError);
    platform.outage = false;
    expect(await logRows()).toEqual([]);
    expect(await queued()).toEqual([]);
  });

  it('a crash between storing and sending is healed by the next delivery', async () => {
    await send(ecsEvent(1));
    const [old] = await queued();
    await decide(old!.batch);
    clock.advance(1_000);
    await expect(send([ecsEvent(1), ecsEvent(2)], dyingAfter(1))).rejects.toThrow(StoreUnavailableError);
    expect(await queued()).toEqual([]);
    clock.advance(1_000);
    expect((await send([ecsEvent(1), ecsEvent(2)])).accepted).toMatchObject([{ duplicate: true }, { duplicate: true }]);
    const messages = await queued();
    expect(messages.map(({ events }) => events.map(({ resource }) => resource.id))).toEqual([['i-2']]);
  });

  it('a call that died over its duplicates counts nothing twice', async () => {
    await send([ecsEvent(1), ecsEvent(2)]);
    clock.advance(1_000);
    await expect(send([ecsEvent(1), ecsEvent(2)], dyingAfter(1))).rejects.toThrow(StoreUnavailableError);
    expect(await readLedger({ store: platform.store, clock })).toMatchObject({
      accepted: 2,
      inFlight: 2,
      balanced: true,
    });
  });

  it('events whose log row was never written travel under a new batch, received now', async () => {
    await send([ecsEvent(1), ecsEvent(2)]);
    const [lost] = await queued();
    const [log] = await logRows();
    await platform.store.write([{ table: 'log', pk: 'log', sk: log!.sk, kind: 'delete', when: 'any' }]);
    clock.advance(120_000);
    await send([ecsEvent(1), ecsEvent(2)]);
    const [adopted] = await queued();
    expect(adopted?.batch).not.toBe(lost?.batch);
    expect(adopted?.events.map(({ id }) => id)).toEqual(lost?.events.map(({ id }) => id));
    expect(adopted?.events[0]?.receivedAtMs).toBe(clock.nowMs());
    expect(await readBatch(platform.store, (await logRows())[0]!)).toEqual(adopted);
    expect(await readEventRow(platform.store, adopted!.events[0]!.id)).toMatchObject({ batch: adopted?.batch });
  });

  interface Call {
    ids: number[];
    dies: number;
  }

  const sendAll = async (calls: readonly Call[]): Promise<Set<string>> => {
    const promised = new Set<string>();
    for (const { ids, dies } of calls) {
      clock.advance(1_000);
      const outbox = dies === 0 ? platform.outbox : dyingAfter(dies);
      const answer = await send(
        ids.map((n) => ecsEvent(n)),
        outbox,
      ).catch(() => undefined);
      for (const { id } of answer?.accepted ?? []) promised.add(id);
    }
    return promised;
  };

  const batchesByEvent = async (): Promise<Map<string, Set<string>>> => {
    const told = new Map<string, Set<string>>();
    for (const { batch, events } of await queued())
      for (const { id } of events) told.set(id, (told.get(id) ?? new Set<string>()).add(batch));
    return told;
  };

  it('every accepted event is in exactly one batch, whatever was sent and wherever it died', async () => {
    const call = fc.record({ ids: fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }), dies: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 8 }), async (calls) => {
        clock = new FakeClock();
        platform = createMemoryPlatform(clock);
        const promised = await sendAll(calls);
        const told = await batchesByEvent();
        for (const id of promised) expect(told.get(id)?.size).toBe(1);
      }),
      { numRuns: 150 },
    );
  });
});

describe('calls that come together', () => {
  const take = () => ingest({ store: platform.store, outbox: platform.outbox, clock });
  const call = (value: unknown) => ({ text: JSON.stringify(value), contentType: 'application/json' });

  it('travel in one batch after the first, and each is told about its own events', async () => {
    const together = take();
    const results = await Promise.all([1, 2, 3, 4].map((n) => together(call(ecsEvent(n)))));
    expect(results.map(({ accepted }) => accepted.map(({ duplicate }) => duplicate))).toEqual([
      [false],
      [false],
      [false],
      [false],
    ]);
    expect(new Set(results.map(({ accepted }) => accepted[0]?.id)).size).toBe(4);
    expect((await queued()).map(({ events }) => events.length)).toEqual([1, 3]);
    expect((await logRows()).map(({ entries }) => entries.length).sort()).toEqual([1, 3]);
  });

  it('accept an event once, however many of them bring it', async () => {
    const together = take();
    const results = await Promise.all([0, 1, 1, 1].map((n) => together(call([ecsEvent(n), ecsEvent(9)]))));
    const told = results.flatMap(({ accepted }) => accepted.map(({ duplicate }) => duplicate));
    expect(told).toEqual([false, false, false, true, true, true, true, true]);
    const listed = (await logRows()).flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(listed).toHaveLength(3);
    expect(new Set(listed).size).toBe(3);
  });

  it('are all refused when the store cannot take them', async () => {
    const together = ingest({ store: platform.store, outbox: dyingAfter(1), clock });
    const results = await Promise.allSettled([1, 2, 3].map((n) => together(call(ecsEvent(n)))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});
