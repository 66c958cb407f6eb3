import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageVerdict } from '../../shared/adapters/local/consumer.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { deleteOf, keyAt, putOf } from '../fixtures/store-rows.ts';
import { openTestPlatform, type TestPlatform, until } from '../support/local-platform.ts';

const MAX_PAGES = 80;
const LARGE = 'x'.repeat(40_000);
const SMALL = 'x'.repeat(3_000);
const HUGE = 'x'.repeat(1_000_000);
const ACK: MessageVerdict = { kind: 'ack' };

describe('a disk without room', () => {
  let platform: TestPlatform;
  beforeEach(async () => {
    platform = await openTestPlatform({ maxPages: MAX_PAGES });
  });
  afterEach(() => platform.close());

  /** Fills the store with rows of this size until it refuses one; gives their sort keys. */
  const fillWith = async (body: string): Promise<string[]> => {
    const written: string[] = [];
    for (;;) {
      const sk = `${body.length}-${written.length}`;
      try {
        await platform.store.write([putOf(keyAt('fill', sk), body)]);
        written.push(sk);
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailableError);
        return written;
      }
    }
  };
  /** Large rows first, then small ones where a large one has no room, so that no message of this size fits either. */
  const fill = async (): Promise<string[]> => [...(await fillWith(LARGE)), ...(await fillWith(SMALL))];

  it('refuses exactly the operations that do not fit, though all share a transaction', async () => {
    const results = await Promise.allSettled([
      platform.store.write([putOf(keyAt('p', 'small'), 'x')]),
      platform.store.write([putOf(keyAt('p', 'first'), 'x'), putOf(keyAt('p', 'huge'), HUGE)]),
      platform.queue.send([{ queue: 'events', body: 'fits' }]),
      platform.outbox.commit([putOf(keyAt('p', 'huge'), HUGE)], [{ queue: 'events', body: 'never' }]),
      platform.store.get(keyAt('p', 'nothing')),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    const rows = await platform.store.range({ table: 'lanes', pk: 'p', limit: 9 });
    expect(rows.map(({ sk }) => sk)).toEqual(['small']);
    const messages = await platform.queue.receive({ queue: 'events', max: 9, visibilityMs: 1000 });
    expect(messages.map(({ body }) => body)).toEqual(['fits']);
  });

  it('names the condition and the cause, and nothing else', async () => {
    const refused = await platform.store.write([putOf(keyAt('p', 'huge'), HUGE)]).catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'store-unavailable', cause: { message: 'database or disk is full' } });
    expect(String(refused)).not.toContain(platform.dataDir);
  });

  it('keeps what it has, and works again when there is room', async () => {
    const written = await fill();
    expect(written.length).toBeGreaterThan(2);
    expect(await platform.store.range({ table: 'lanes', pk: 'fill', limit: 999 })).toHaveLength(written.length);
    await platform.store.write(written.map((sk) => deleteOf(keyAt('fill', sk), 'any')));
    expect(await platform.store.write([putOf(keyAt('fill', 'again'), LARGE)])).toEqual([{ applied: true, version: 1 }]);
    await platform.queue.send([{ queue: 'events', body: LARGE }]);
    expect(platform.queue.depth('events')).toEqual({ ready: 1, delayed: 0, inFlight: 0, dead: 0 });
  });

  it('gives a consumer nothing that was refused, and its room back', async () => {
    const written = await fill();
    const seen: number[] = [];
    const options = { max: 4, concurrency: 1, visibilityMs: 1000 };
    const stop = platform.queue.consume('events', options, async (messages) => {
      seen.push(...messages.map(({ body }) => body.length));
      return messages.map(() => ACK);
    });
    const send = () => platform.queue.send([{ queue: 'events', body: LARGE }]);
    for (let round = 0; round < 3; round += 1) await expect(send()).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(seen).toEqual([]);
    await platform.store.write(written.map((sk) => deleteOf(keyAt('fill', sk), 'any')));
    await send();
    expect(seen).toEqual([LARGE.length]);
    await stop();
  });

  it('leaves a message claimed that cannot be buried, and brings it again', async () => {
    const reason = 'y'.repeat(100_000);
    await platform.queue.send([{ queue: 'events', body: 'bad' }]);
    const written = await fill();
    const [message] = await platform.queue.receive({ queue: 'events', max: 1, visibilityMs: 1000 });
    await expect(platform.queue.bury('events', message?.receipt ?? '', reason)).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
    expect(platform.queue.depth('events')).toMatchObject({ inFlight: 1, dead: 0 });
    await platform.store.write(written.map((sk) => deleteOf(keyAt('fill', sk), 'any')));
    platform.clock.advance(1000);
    const stop = platform.queue.consume('events', { max: 1, concurrency: 1, visibilityMs: 1000 }, async ([again]) => [
      { kind: 'bury', reason: `${again?.attempt}${reason}` },
    ]);
    await until(() => platform.queue.depth('events').dead === 1);
    await stop();
    expect((await platform.queue.deadLetters('events', 1))[0]?.reason).toBe(`2${reason}`);
  });

  const makeRoom = (written: readonly string[]) =>
    platform.store.write(written.map((sk) => deleteOf(keyAt('fill', sk), 'any')));
  const HOUR_MS = 3_600_000;

  it('brings back when it is due what a consumer released, though the delay could not be written', async () => {
    const count = 1500; // on full pages, where a row that grows by its delay has no place
    await platform.queue.send(Array.from({ length: count }, () => ({ queue: 'events' as const, body: '' })));
    const written = [...(await fill()), ...(await fillWith('x'.repeat(7_000)))];
    const attempts: number[] = [];
    const options = { max: count, concurrency: 1, visibilityMs: HOUR_MS };
    const stop = platform.queue.consume('events', options, async (messages) => {
      attempts.push(...messages.map(({ attempt }) => attempt));
      return messages.map(({ attempt }): MessageVerdict => (attempt === 1 ? { kind: 'release', delayMs: 500 } : ACK));
    });
    await until(() => platform.queue.depth('events').delayed === count);
    await makeRoom(written);
    platform.clock.advance(500);
    await until(() => attempts.length === 2 * count);
    await stop();
    expect(attempts.filter((attempt) => attempt === 2)).toHaveLength(count);
    expect(platform.queue.depth('events')).toEqual({ ready: 0, delayed: 0, inFlight: 0, dead: 0 });
  });

  it('counts no hand-over that a consumer takes back, though there is no room for anything that grows', async () => {
    const count = 1500;
    await platform.queue.send(Array.from({ length: count }, () => ({ queue: 'events' as const, body: '' })));
    await fill();
    await fillWith('x'.repeat(7_000));
    const attempts: number[] = [];
    const options = { max: count, concurrency: 1, visibilityMs: HOUR_MS };
    const stop = platform.queue.consume('events', options, async (messages) => {
      attempts.push(...messages.map(({ attempt }) => attempt));
      return messages.map((): MessageVerdict => ({ kind: 'release', delayMs: 500, uncounted: true }));
    });
    for (let round = 1; round <= 3; round += 1) {
      await until(() => attempts.length === round * count && platform.queue.depth('events').delayed === count);
      if (round < 3) platform.clock.advance(500);
    }
    await stop();
    expect(new Set(attempts)).toEqual(new Set([1]));
  });

  it('buries within a second of having room what a consumer gave up, without handing it over again', async () => {
    const reason = 'y'.repeat(100_000);
    await platform.queue.send([{ queue: 'events', body: 'bad' }]);
    const written = await fill();
    let calls = 0;
    const options = { max: 1, concurrency: 1, visibilityMs: HOUR_MS };
    const stop = platform.queue.consume('events', options, async () => {
      calls += 1;
      return [{ kind: 'bury', reason }];
    });
    await until(() => calls === 1);
    for (let second = 0; second < 3; second += 1) {
      await platform.store.get(keyAt('p', 'nothing'));
      platform.clock.advance(1000);
    }
    expect(platform.queue.depth('events')).toMatchObject({ inFlight: 1, dead: 0 });
    await makeRoom(written);
    for (let turn = 0; platform.queue.depth('events').dead === 0 && turn < 3; turn += 1) {
      platform.clock.advance(1000);
      await platform.store.write([putOf(keyAt('p', 'turn'), 'x')]);
    }
    await stop();
    expect(platform.queue.depth('events')).toEqual({ ready: 0, delayed: 0, inFlight: 0, dead: 1 });
    expect(calls).toBe(1);
  });
});
