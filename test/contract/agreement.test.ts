import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { ReceivedMessage } from '../../shared/ports/queue.ts';
import type { WriteCondition, WriteOp } from '../../shared/ports/table-store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openTestPlatform } from '../support/local-platform.ts';
import type { OutboxUnderTest } from './outbox.suite.ts';

type Platform = Omit<OutboxUnderTest, 'close'>;

/** One step, done on both platforms; what it gives must be equal. `held` are the messages received so far. */
type Step = (platform: Platform, held: Map<string, ReceivedMessage>) => Promise<unknown>;

const text = fc.constantFrom('', 'a', 'ab', 'b', '中', '\uff5e', '😀');
const key = fc.record({ table: fc.constantFrom('lanes' as const, 'holds' as const), pk: text, sk: text });
const when: fc.Arbitrary<WriteCondition> = fc.oneof(
  fc.constantFrom('any' as const, 'absent' as const),
  fc.record({ version: fc.integer({ min: 0, max: 4 }) }),
);
const write: fc.Arbitrary<WriteOp> = fc.oneof(
  fc
    .record({ key, when, body: fc.string({ unit: 'grapheme-ascii' }) })
    .map(({ key: at, when: on, body }): WriteOp => ({ kind: 'put', ...at, when: on, body })),
  fc.record({ key, when }).map(({ key: at, when: on }): WriteOp => ({ kind: 'delete', ...at, when: on })),
);
const writes = fc.array(write, { maxLength: 5 });
const message = fc.record({
  queue: fc.constantFrom('events' as const, 'notifications' as const),
  body: fc.uuid(),
  delayMs: fc.constantFrom(0, 0, 500, 5000),
});
const messages = fc.array(message, { maxLength: 4 });
const limit = fc.integer({ min: 0, max: 6 });
const reverse = fc.boolean();
const pick = fc.nat();

const heldAt = (held: Map<string, ReceivedMessage>, place: number): ReceivedMessage | undefined =>
  [...held.values()][place % Math.max(held.size, 1)];

const receiveAll = async ({ queue }: Platform, held: Map<string, ReceivedMessage>): Promise<unknown> => {
  const got = await queue.receive({ queue: 'events', max: 1000, visibilityMs: 1000 });
  // the port promises order only roughly: compare, and remember, by body
  const sorted = got.toSorted((a, b) => (a.body < b.body ? -1 : 1));
  for (const one of sorted) held.set(one.body, one);
  return sorted.map(({ body, attempt }) => ({ body, attempt }));
};

const deadOf = async ({ queue }: Platform): Promise<unknown> =>
  (await queue.deadLetters('events', 99)).map(({ body, reason }) => ({ body, reason }));

const step: fc.Arbitrary<Step> = fc.oneof(
  writes.map(
    (ops): Step =>
      ({ store }) =>
        store.write(ops),
  ),
  fc.tuple(writes, messages).map(
    ([ops, out]): Step =>
      ({ outbox }) =>
        outbox.commit(ops, out),
  ),
  fc.array(key, { maxLength: 4 }).map(
    (keys): Step =>
      ({ store }) =>
        store.getMany(keys),
  ),
  fc.record({ from: text, to: text, pk: text, limit, reverse }).map(
    (query): Step =>
      ({ store }) =>
        store.range({ table: 'lanes', ...query }),
  ),
  fc.record({ after: fc.record({ pk: text, sk: text }), limit, reverse }).map(
    (query): Step =>
      ({ store }) =>
        store.scan({ table: 'lanes', ...query }),
  ),
  messages.map(
    (out): Step =>
      ({ queue }) =>
        queue.send(out),
  ),
  fc.constant<Step>(receiveAll),
  pick.map(
    (place): Step =>
      ({ queue }, held) =>
        queue.acknowledge('events', [heldAt(held, place)?.receipt ?? 'none']),
  ),
  fc.tuple(pick, fc.constantFrom(0, 700)).map(
    ([place, delayMs]): Step =>
      ({ queue }, held) =>
        queue.release('events', heldAt(held, place)?.receipt ?? 'none', delayMs),
  ),
  pick.map(
    (place): Step =>
      ({ queue }, held) =>
        queue.bury('events', heldAt(held, place)?.receipt ?? 'none', `reason ${place}`),
  ),
  fc.constant<Step>(deadOf),
  fc.constantFrom(1, 499, 1000, 5000).map(
    (ms): Step =>
      async ({ clock }) =>
        clock.advance(ms),
  ),
);

it('gives the same answers from the embedded platform and from the one in memory, whatever is done', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const sqlite = await openTestPlatform();
      const clock = new FakeClock();
      const memory = { ...createMemoryPlatform(clock), clock };
      const held = [new Map<string, ReceivedMessage>(), new Map<string, ReceivedMessage>()] as const;
      try {
        for (const run of steps) expect(await run(sqlite, held[0])).toEqual(await run(memory, held[1]));
      } finally {
        await sqlite.close();
      }
    }),
    { numRuns: 40 },
  );
});
