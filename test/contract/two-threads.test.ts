import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStore, openLocalStore } from '../../shared/adapters/local/local-store.ts';
import { consumerOn, type LocalPlatform, type LocalSender, senderOn } from '../../shared/adapters/local/open.ts';
import type { StoreConnection } from '../../shared/adapters/local/protocol.ts';
import { waitingIn } from '../../shared/adapters/local/room.ts';
import type { ReceivedMessage } from '../../shared/ports/queue.ts';
import type { WriteOp } from '../../shared/ports/table-store.ts';
import { keyAt, putOf } from '../fixtures/store-rows.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryDirectory, until } from '../support/local-platform.ts';

const OPTIONS = { max: 4, concurrency: 2, visibilityMs: 60_000 };
const IDLE = { ready: 0, delayed: 0, inFlight: 0, dead: 0 };
/** As many messages of others as a consumer takes unasked. */
const ROOM = 64;

describe('a thread that sends and a thread that consumes', () => {
  let dataDir: string;
  let clock: FakeClock;
  let store: LocalStore;
  let connection: StoreConnection;
  let sender: LocalSender;
  let consumer: LocalPlatform;

  const open = async (): Promise<void> => {
    clock = new FakeClock();
    store = await openLocalStore({ dataDir });
    connection = store.connect('consumer');
    sender = senderOn(store.connect('sender'), { clock });
    consumer = consumerOn(connection, store.state.queues, { clock, timers: clock });
  };
  const close = async (): Promise<void> => {
    await consumer.close();
    await sender.close();
    await store.close();
  };
  beforeEach(async () => {
    dataDir = temporaryDirectory();
    await open();
  });
  afterEach(async () => {
    await close();
    rmSync(dataDir, { recursive: true });
  });

  const send = (...bodies: string[]) => sender.queue.send(bodies.map((body) => ({ queue: 'events', body })));
  const room = (): number => Atomics.load(connection.room ?? new Int32Array(1), 0);
  const consume = (from = consumer) => {
    const seen: string[] = [];
    const stop = from.queue.consume('events', OPTIONS, async (messages) => {
      seen.push(...messages.map(({ body, attempt }) => `${body}#${attempt}`));
      return messages.map(() => ({ kind: 'ack' }));
    });
    return { seen, stop };
  };

  it('share rows: what one was told is written the other reads', async () => {
    await sender.store.write([putOf(keyAt('p', 's'), 'x')]);
    expect((await consumer.store.get(keyAt('p', 's')))?.body).toBe(putOf(keyAt('p', 's'), 'x').body);
  });

  it('hand over what is sent at once, on its first attempt', async () => {
    const { seen, stop } = consume();
    await send('a', 'b');
    await until(() => seen.length === 2);
    await stop();
    expect(seen).toEqual(['a#1', 'b#1']);
    expect(consumer.queue.depth('events')).toEqual(IDLE);
    expect(room()).toBe(ROOM);
  });

  it('lose nothing of what nobody has room for, and take it in its order', async () => {
    const bodies = Array.from({ length: 3 * ROOM }, (_, n) => String(n));
    for (const body of bodies) await send(body);
    const { seen, stop } = consume();
    await until(() => seen.length === bodies.length);
    await stop();
    expect(seen).toEqual(bodies.map((body) => `${body}#1`));
    expect(room()).toBe(ROOM);
  });

  it('tell each other how many messages wait besides those that have a place', async () => {
    const calls: (() => void)[] = [];
    const stop = consumer.queue.consume('events', { ...OPTIONS, max: 1, concurrency: 1 }, async () => {
      await new Promise<void>((resolve) => calls.push(resolve));
      return [{ kind: 'ack' }];
    });
    const waiting = (): number => waitingIn(connection.room ?? new Int32Array(2));
    await send(...Array.from({ length: ROOM + 10 }, (_, n) => String(n)));
    await until(() => waiting() === 10);
    for (let done = 0; done < ROOM + 10; done += 1) {
      await until(() => calls.length > 0);
      calls.shift()?.();
    }
    await until(() => waiting() === 0);
    await stop();
  });

  it('let nothing that comes later pass what waits, though another queue is idle', async () => {
    const seen: number[] = [];
    const calls: (() => void)[] = [];
    const stopIdle = consumer.queue.consume('notifications', OPTIONS, async () => []);
    const stop = consumer.queue.consume('events', { ...OPTIONS, max: 1, concurrency: 1 }, async ([message]) => {
      seen.push(Number(message?.body));
      await new Promise<void>((resolve) => calls.push(resolve));
      return [{ kind: 'ack' }];
    });
    let next = 0;
    const sendNext = async (): Promise<void> => {
      await send(String(next));
      next += 1;
    };
    while (next < 2 * ROOM) await sendNext();
    while (seen.length < 2 * ROOM) {
      await until(() => calls.length > 0);
      calls.shift()?.();
      await sendNext();
    }
    const stopped = Promise.all([stop(), stopIdle()]);
    for (const call of calls) call();
    await stopped;
    // The consumer may be handed one more before it hears that it is to stop: what counts is that none is missing before it.
    expect(seen.length).toBeGreaterThanOrEqual(2 * ROOM);
    expect(seen).toEqual(seen.map((_, n) => n));
  });

  it('send nothing when a row is refused, and the place is free again', async () => {
    const taken: WriteOp = { ...putOf(keyAt('p', 'taken'), 'x'), when: 'absent' };
    await sender.store.write([taken]);
    const { seen, stop } = consume();
    for (let n = 0; n < 2 * ROOM; n += 1) await sender.outbox.commit([taken], [{ queue: 'events', body: 'never' }]);
    expect(room()).toBe(ROOM);
    await send('a');
    await until(() => seen.length === 1);
    await stop();
    expect(seen).toEqual(['a#1']);
  });

  it('keep a delay', async () => {
    const { seen, stop } = consume();
    await sender.queue.send([{ queue: 'events', body: 'later', delayMs: 1000 }]);
    await until(() => consumer.queue.depth('events').delayed === 1);
    clock.advance(999);
    expect(seen).toEqual([]);
    clock.advance(1);
    await until(() => seen.length === 1);
    await stop();
  });

  it('never use an id twice, and hand each message over once, however both send', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 9 })), { maxLength: 30 }),
        async (steps) => {
          const ids: string[] = [];
          const stop = consumer.queue.consume('events', OPTIONS, async (messages: ReceivedMessage[]) => {
            ids.push(...messages.map(({ id }) => id));
            return messages.map(() => ({ kind: 'ack' }));
          });
          const sent = steps.map(([own, count]) =>
            (own ? consumer : sender).queue.send(
              Array.from({ length: count }, () => ({ queue: 'events', body: '{}' })),
            ),
          );
          await Promise.all(sent);
          const total = steps.reduce((sum, [, count]) => sum + count, 0);
          await until(() => ids.length >= total);
          await stop();
          expect(new Set(ids).size).toBe(total);
          expect(ids).toHaveLength(total);
          expect(room()).toBe(ROOM);
        },
      ),
      { numRuns: 30 },
    );
  });
});
