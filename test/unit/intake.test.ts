import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { type EventsMessage, eventsMessageSchema } from '../../shared/domain/messages.ts';
import type { Outbox } from '../../shared/ports/outbox.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { logRowSchema } from '../../shared/stages/events-log.ts';
import { type IngestResult, ingest } from '../../shared/stages/ingest.ts';
import { ecsEvent } from '../support/ecs-event.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** As large as the content of an event can be: texts are cut, and so is the whole. */
const LARGE = Object.fromEntries(Array.from({ length: 10 }, (_, part) => [`part${part}`, 'x'.repeat(1_800)]));
/** So many of them fit into a message, and not one more. */
const FIT = 7;

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

/** So many large events with numbers from this one on. */
const large = (from: number, count: number): [n: number, content: object][] =>
  numbers(from, count).map((n) => [n, LARGE]);

const call = (...events: [n: number, content?: object][]) => ({
  text: JSON.stringify(events.map(([n, content = {}]) => ecsEvent(n, { content: { ...content, n } }))),
  contentType: 'application/json',
});

/** An outbox whose commits wait until they are let go, one after the other. */
class SlowOutbox implements Outbox {
  readonly held: (() => void)[] = [];
  /** How many messages each commit had that has come so far. */
  readonly seen: number[] = [];
  /** What becomes of a commit with a message that holds this. */
  poison: { text: string; error: Error } | undefined;
  /** Happens once, when a commit is done and before its sender hears of it. */
  meanwhile: (() => Promise<unknown>) | undefined;
  readonly #outbox: Outbox;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  commit: Outbox['commit'] = async (writes, messages) => {
    this.seen.push(messages.length);
    await new Promise<void>((resolve) => this.held.push(resolve));
    const { poison } = this;
    if (poison !== undefined && messages.some(({ body }) => body.includes(poison.text))) throw poison.error;
    const results = await this.#outbox.commit(writes, messages);
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    return results;
  };

  /** Lets commits go until none waits. */
  async release(): Promise<void> {
    while (this.held.length > 0) {
      this.held.shift()?.();
      await turn();
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let platform: MemoryPlatform;
let outbox: SlowOutbox;
let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock();
  platform = createMemoryPlatform(clock);
  outbox = new SlowOutbox(platform.outbox);
});

const taker = (more: { lingerForCalls?: () => Promise<void> } = {}) =>
  ingest({ store: platform.store, outbox, clock, ...more });

const queued = async (): Promise<EventsMessage[]> => {
  const messages = await platform.queue.receive({ queue: 'events', max: 99, visibilityMs: 1 });
  return messages.map(({ body }) => eventsMessageSchema.parse(JSON.parse(body)));
};

/** The numbers of the events in each message. */
const numbersQueued = async () =>
  (await queued()).map(({ events }) => events.map(({ content }) => (content as { n: number }).n));

const duplicates = ({ accepted }: IngestResult) => accepted.map(({ duplicate }) => duplicate);

describe('events that come while others are being stored', () => {
  it('leave at once as far as their call fills messages, and what is left of them when nothing is being stored any more', async () => {
    const take = taker();
    const first = take(call([0]));
    const second = take(call(...large(1, FIT + 1)));
    expect(outbox.seen).toEqual([1, 1]);
    outbox.held.shift()?.();
    await first;
    expect(outbox.seen).toEqual([1, 1]);
    await outbox.release();
    expect(duplicates(await second)).toEqual(large(1, FIT + 1).map(() => false));
    expect(outbox.seen).toEqual([1, 1, 1]);
    expect(await numbersQueued()).toEqual([[0], numbers(1, FIT), [FIT + 1]]);
  });

  it('fill the message that another call has begun', async () => {
    const take = taker();
    const calls = [take(call([0])), take(call(...large(1, FIT - 1))), take(call(...large(FIT, FIT + 1)))];
    expect(outbox.seen).toEqual([1, 1]);
    await outbox.release();
    await Promise.all(calls);
    expect(await numbersQueued()).toEqual([[0], numbers(1, FIT), numbers(FIT + 1, FIT)]);
  });

  it('wait and share one commit when no call fills a message by itself, even if they do so together', async () => {
    const take = taker();
    const calls = [take(call([0])), ...[1, 5, 9].map((from) => take(call(...large(from, 4))))];
    expect(outbox.seen).toEqual([1]);
    await outbox.release();
    await Promise.all(calls);
    expect(outbox.seen).toEqual([1, 2]);
    expect(await numbersQueued()).toEqual([[0], numbers(1, FIT), numbers(FIT + 1, 5)]);
  });

  it('are duplicates when the others are the same, wherever these are by then', async () => {
    const take = taker();
    const calls = [take(call([0])), take(call([0], [1], [1])), take(call([1], [2]))];
    await outbox.release();
    expect((await Promise.all(calls)).map(duplicates)).toEqual([[false], [true, false, true], [true, false]]);
    const told = (await numbersQueued()).flat();
    expect([...new Set(told)]).toEqual([0, 1, 2]);
  });
});

describe('an event that another call brings again while the first one still waits for others of its own', () => {
  it('is a duplicate to the other call alone', async () => {
    const take = taker();
    const first = take(call([0]));
    const second = take(call(...large(1, FIT + 1)));
    const third = take(call([1]));
    await outbox.release();
    expect(duplicates(await first)).toEqual([false]);
    expect(duplicates(await second)).toEqual(large(1, FIT + 1).map(() => false));
    expect(duplicates(await third)).toEqual([true]);
  });
});

describe('events of one call', () => {
  it('cost one commit, however many messages they fill', async () => {
    const result = taker()(call(...large(1, FIT + 1)));
    expect(outbox.seen).toEqual([2]);
    await outbox.release();
    expect(duplicates(await result)).toEqual(large(1, FIT + 1).map(() => false));
  });

  it('are told, logged and sent without those that were there before, message by message', async () => {
    const take = taker();
    const known = FIT + 2;
    const before = take(call([1, LARGE], [known]));
    await outbox.release();
    await before;
    await queued();
    const result = take(call(...large(1, FIT + 1), [known]));
    for (let round = 0; round < 9; round += 1) {
      await outbox.release();
      await turn();
    }
    expect(duplicates(await result)).toEqual([true, ...numbers(1, FIT).map(() => false), true]);
    const sent = (await numbersQueued()).filter((one) => !one.includes(1));
    expect(sent).toEqual([numbers(2, FIT - 1), [FIT + 1]]);
    const rows = await platform.store.range({ table: 'log', pk: 'log', limit: 99 });
    const logged = rows.map(({ body }) =>
      logRowSchema.parse(JSON.parse(body)).entries.map(({ resource }) => resource.id),
    );
    const resourcesOf = (of: readonly number[]): string[] => of.map((n) => `i-${n}`);
    expect(logged.sort((one, other) => one.length - other.length)).toEqual(
      [[FIT + 1], [1, known], numbers(2, FIT - 1)].map(resourcesOf),
    );
  });
});

describe('events that another batch has taken over before they could be sent', () => {
  it('are left to that one', async () => {
    const take = taker();
    const before = take(call([1]));
    await outbox.release();
    await before;
    await queued();
    outbox.meanwhile = async () => {
      const rows = await platform.store.scan({ table: 'events', limit: 9 });
      const { pk, sk, body } = rows.find((row) => row.body.includes('i-3'))!;
      const taken = JSON.stringify({ ...JSON.parse(body), batch: 'bat_other' });
      await platform.store.write([{ table: 'events', pk, sk, kind: 'put', when: 'any', body: taken }]);
    };
    const result = take(call([1], [2], [3]));
    for (let round = 0; round < 9; round += 1) {
      await outbox.release();
      await turn();
    }
    await result;
    expect((await numbersQueued()).filter((one) => !one.includes(1))).toEqual([[2]]);
  });
});

describe('a moment in which calls wait for each other', () => {
  it('is not for what fills a message, and ends before anything else leaves', async () => {
    let end: () => void = () => undefined;
    const take = taker({
      lingerForCalls: () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    });
    const calls = [take(call([0])), take(call([1]))];
    expect(outbox.seen).toEqual([]);
    end();
    await turn();
    expect(outbox.seen).toEqual([1]);
    await outbox.release();
    calls.push(take(call(...large(2, FIT + 1))));
    expect(outbox.seen).toEqual([1, 1]);
    end();
    await turn();
    expect(outbox.seen).toEqual([1, 1]);
    await outbox.release();
    end();
    await turn();
    await outbox.release();
    await Promise.all(calls);
    expect(await numbersQueued()).toEqual([[0, 1], numbers(2, FIT), [FIT + 2]]);
  });
});

describe('a commit for several calls that fails', () => {
  it('is tried for each call alone, so that only who is to blame hears of it', async () => {
    outbox.poison = { text: 'i-2', error: new Error('cannot be sent') };
    const take = taker();
    const calls = [1, 2, 3].map((n) => take(call([n])));
    const settled = Promise.allSettled([take(call([0])), ...calls]);
    for (let round = 0; round < 9; round += 1) {
      await outbox.release();
      await turn();
    }
    const results = await settled;
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect((await numbersQueued()).flat().sort()).toEqual([0, 1, 3]);
  });

  it('is tried again with what has failed of a call, and not with what is stored already', async () => {
    outbox.poison = { text: '"i-99"', error: new Error('cannot be sent') };
    const take = taker();
    const calls = [take(call([0])), take(call(...large(1, FIT + 1))), take(call([99]))];
    const settled = Promise.allSettled(calls);
    for (let round = 0; round < 9; round += 1) {
      await outbox.release();
      await turn();
    }
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(duplicates(await calls[1]!)).toEqual(large(1, FIT + 1).map(() => false));
    expect(await numbersQueued()).toEqual([[0], numbers(1, FIT), [FIT + 1]]);
  });

  it('is for all of them when the store is not there, and those that come later are taken', async () => {
    outbox.poison = { text: 'i-2', error: new StoreUnavailableError('gone') };
    const take = taker();
    const settled = Promise.allSettled([0, 1, 2, 3].map((n) => take(call([n]))));
    await outbox.release();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    const later = take(call([4]));
    await outbox.release();
    expect(duplicates(await later)).toEqual([false]);
  });
});
