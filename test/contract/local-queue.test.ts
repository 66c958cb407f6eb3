import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageVerdict } from '../../shared/adapters/local/consumer.ts';
import type { ReceivedMessage } from '../../shared/ports/queue.ts';
import { keyAt, putOf } from '../fixtures/store-rows.ts';
import { openTestPlatform, type TestPlatform, temporaryDirectory, until } from '../support/local-platform.ts';

const ACK: MessageVerdict = { kind: 'ack' };
const OPTIONS = { max: 4, concurrency: 2, visibilityMs: 1000 };
const IDLE = { ready: 0, delayed: 0, inFlight: 0, dead: 0 };

/** A handler that notes what it gets and answers when told. */
class Gate {
  readonly calls: ReceivedMessage[][] = [];
  #open: (() => void)[] = [];

  readonly handler = async (messages: ReceivedMessage[]): Promise<MessageVerdict[]> => {
    this.calls.push(messages);
    await new Promise<void>((resolve) => this.#open.push(resolve));
    return messages.map(() => ACK);
  };

  release(): void {
    for (const open of this.#open.splice(0)) open();
  }
}

describe('consuming from the queues of one machine', () => {
  let platform: TestPlatform;
  let queue: TestPlatform['queue'];
  beforeEach(async () => {
    platform = await openTestPlatform();
    queue = platform.queue;
  });
  afterEach(() => platform.close());

  const send = (...bodies: string[]) => queue.send(bodies.map((body) => ({ queue: 'events', body })));
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  /** Consumes with one verdict for all, and notes the bodies and attempts. */
  const consume = (verdict: (message: ReceivedMessage) => MessageVerdict, options = OPTIONS) => {
    const seen: string[] = [];
    const stop = queue.consume('events', options, async (messages) => {
      seen.push(...messages.map(({ body, attempt }) => `${body}#${attempt}`));
      return messages.map(verdict);
    });
    return { seen, stop };
  };

  it('hands over what is sent while it waits, and what was there before', async () => {
    await send('before');
    const { seen, stop } = consume(() => ACK);
    await until(() => seen.length === 1);
    await send('after', 'later');
    await until(() => seen.length === 3);
    await stop();
    expect(seen).toEqual(['before#1', 'after#1', 'later#1']);
    expect(queue.depth('events')).toEqual(IDLE);
  });

  it('hands a message over with the very transaction that makes it durable', async () => {
    const gate = new Gate();
    const stop = queue.consume('events', OPTIONS, gate.handler);
    await send('a');
    expect(gate.calls.map((call) => call.map(({ body }) => body))).toEqual([['a']]);
    expect(queue.depth('events')).toEqual({ ...IDLE, inFlight: 1 });
    gate.release();
    await stop();
  });

  it('never gives a call more than the maximum, never runs more calls than allowed, and loses nothing', async () => {
    let running = 0;
    let most = 0;
    const seen: string[] = [];
    const stop = queue.consume('events', OPTIONS, async (messages) => {
      running += 1;
      most = Math.max(most, running);
      expect(messages.length).toBeLessThanOrEqual(OPTIONS.max);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(...messages.map(({ body }) => body));
      running -= 1;
      return messages.map(() => ACK);
    });
    await Promise.all(numbered(50).map((body) => send(body)));
    await send(...numbered(50).map((body) => `x${body}`));
    await until(() => seen.length === 100);
    await stop();
    expect(most).toBe(OPTIONS.concurrency);
    expect(new Set(seen).size).toBe(100);
    expect(queue.depth('events')).toEqual(IDLE);
  });

  it('leaves waiting what there is no room for, and tells the depth', async () => {
    const gate = new Gate();
    const stop = queue.consume('events', OPTIONS, gate.handler);
    await send(...numbered(11));
    await queue.send([{ queue: 'events', body: 'late', delayMs: 10 }]);
    expect(gate.calls.map((call) => call.length)).toEqual([4, 4]);
    expect(queue.depth('events')).toEqual({ ready: 3, delayed: 1, inFlight: 8, dead: 0 });
    gate.release();
    await until(() => gate.calls.length === 3);
    gate.release();
    await stop();
    expect(queue.depth('events')).toEqual({ ...IDLE, delayed: 1 });
  });

  it('wakes a delayed message when its time has come', async () => {
    const { seen, stop } = consume(() => ACK);
    await queue.send([
      { queue: 'events', body: 'late', delayMs: 2000 },
      { queue: 'events', body: 'soon', delayMs: 500 },
    ]);
    platform.clock.advance(499);
    expect(seen).toEqual([]);
    platform.clock.advance(1);
    await until(() => seen.length === 1);
    platform.clock.advance(1500);
    await until(() => seen.length === 2);
    expect(seen).toEqual(['soon#1', 'late#1']);
    await stop();
  });

  it('brings a released message again after its delay, counting attempts', async () => {
    const { seen, stop } = consume(({ attempt }) => (attempt < 3 ? { kind: 'release', delayMs: 700 } : ACK));
    await send('a');
    for (const attempt of [1, 2]) {
      await until(() => queue.depth('events').delayed === 1);
      expect(seen).toHaveLength(attempt);
      platform.clock.advance(700);
    }
    await until(() => seen.length === 3);
    expect(seen).toEqual(['a#1', 'a#2', 'a#3']);
    await stop();
    expect(queue.depth('events')).toEqual(IDLE);
  });

  it('does not count a hand-over that its consumer takes back, and keeps it so on the disk', async () => {
    const { seen, stop } = consume(() => ({ kind: 'release', delayMs: 700, uncounted: true }));
    await send('a');
    for (const times of [1, 2]) {
      await until(() => seen.length === times && queue.depth('events').delayed === 1);
      platform.clock.advance(700);
    }
    await until(() => seen.length === 3 && queue.depth('events').delayed === 1);
    await stop();
    expect(seen).toEqual(['a#1', 'a#1', 'a#1']);
  });

  it('brings a message released without delay again at once', async () => {
    const { seen, stop } = consume(({ attempt }) => (attempt < 3 ? { kind: 'release', delayMs: 0 } : ACK));
    await send('a');
    await until(() => seen.length === 3);
    await stop();
  });

  it('moves what a consumer gives up to the dead letters', async () => {
    const { stop } = consume(({ body }) => (body === 'bad' ? { kind: 'bury', reason: 'poison' } : ACK));
    await send('good', 'bad');
    await until(() => queue.depth('events').dead === 1);
    await stop();
    expect(await queue.deadLetters('events', 9)).toMatchObject([{ body: 'bad', reason: 'poison' }]);
    expect(queue.depth('events')).toEqual({ ...IDLE, dead: 1 });
  });

  it('brings again after a second, not after its visibility, what got no verdict and what a call threw on', async () => {
    const seen: string[] = [];
    const stop = queue.consume('events', { ...OPTIONS, visibilityMs: 3_600_000 }, async ([message]) => {
      seen.push(`${message?.body}#${message?.attempt}`);
      if (message?.attempt === 1) return [];
      if (message?.attempt === 2) throw new Error('the handler broke');
      return [ACK];
    });
    await send('a');
    for (const attempts of [1, 2]) {
      await until(() => seen.length === attempts);
      await until(() => queue.depth('events').delayed === 1);
      platform.clock.advance(999);
      expect(queue.depth('events').delayed).toBe(1);
      platform.clock.advance(1);
    }
    await until(() => seen.length === 3);
    await stop();
    expect(queue.depth('events')).toEqual(IDLE);
  });

  it('brings a message of the backlog again when its call hangs', async () => {
    const gate = new Gate();
    await send('slow');
    const stop = queue.consume('events', OPTIONS, gate.handler);
    await until(() => gate.calls.length === 1);
    platform.clock.advance(OPTIONS.visibilityMs);
    await until(() => gate.calls.length === 2);
    expect(gate.calls[1]).toMatchObject([{ body: 'slow', attempt: 2 }]);
    gate.release();
    await stop();
  });

  it('ignores the verdict of a call that took longer than the visibility', async () => {
    const gate = new Gate();
    const stop = queue.consume('events', { ...OPTIONS, concurrency: 2 }, gate.handler);
    await send('slow');
    platform.clock.advance(OPTIONS.visibilityMs);
    await until(() => gate.calls.length === 2);
    expect(gate.calls[1]).toMatchObject([{ body: 'slow', attempt: 2 }]);
    gate.release();
    await stop();
    expect(queue.depth('events')).toEqual(IDLE);
  });

  it('keeps its room when promised messages are never sent', async () => {
    const { seen, stop } = consume(() => ACK, { ...OPTIONS, concurrency: 1 });
    const refused = { ...putOf(keyAt('p', 's'), 'x'), when: { version: 7 } };
    for (let round = 0; round < 3; round += 1) {
      await platform.outbox.commit([refused], [{ queue: 'events', body: 'never' }]);
    }
    await send('sent');
    expect(seen).toEqual(['sent#1']);
    await stop();
  });

  it('lets two consumers share one queue', async () => {
    const gate = new Gate();
    const stops = [1, 2].map(() => queue.consume('events', { ...OPTIONS, max: 1, concurrency: 1 }, gate.handler));
    await send('a', 'b', 'c');
    expect(gate.calls.flat().map(({ body }) => body)).toEqual(['a', 'b']);
    gate.release();
    await until(() => gate.calls.length === 3);
    gate.release();
    await Promise.all(stops.map((stop) => stop()));
  });

  it('stops only when the work in hand is finished, and takes nothing more', async () => {
    const gate = new Gate();
    const stop = queue.consume('events', OPTIONS, gate.handler);
    await send('a');
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await send('b');
    expect(stopped).toBe(false);
    gate.release();
    await stopping;
    expect(gate.calls).toHaveLength(1);
    expect(queue.depth('events')).toEqual({ ...IDLE, ready: 1 });
    const left = await queue.receive({ queue: 'events', max: 9, visibilityMs: 1000 });
    expect(left).toMatchObject([{ body: 'b', attempt: 1 }]);
  });

  it('has written the verdicts when it is stopped', async () => {
    const dataDir = temporaryDirectory();
    const first = await openTestPlatform({ dataDir });
    const stop = first.queue.consume('events', OPTIONS, async (messages) => messages.map(() => ACK));
    await first.queue.send([{ queue: 'events', body: 'a' }]);
    await stop();
    await first.close();
    const second = await openTestPlatform({ dataDir });
    expect(second.queue.depth('events')).toEqual(IDLE);
    await second.close();
    rmSync(dataDir, { recursive: true });
  });
});
