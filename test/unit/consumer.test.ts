import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Consumer, type MessageVerdict } from '../../shared/adapters/local/consumer.ts';
import type { ReceivedMessage } from '../../shared/ports/queue.ts';

const OPTIONS = { max: 4, concurrency: 3, quickCalls: 1, visibilityMs: 60_000 };
const MESSAGE: ReceivedMessage = { id: '1', body: '{}', attempt: 1, receipt: '1' };
const ACK: MessageVerdict = { kind: 'ack' };

describe('a consumer of the queues of one machine', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A thread in which calls begin and end when told, and time passes with work or without. */
  const aThread = () => {
    let idleMs = 0;
    const ends: (() => void)[] = [];
    const slow = vi.fn();
    const handler = (): Promise<MessageVerdict[]> => new Promise((resolve) => ends.push(() => resolve([ACK])));
    const consumer = new Consumer(OPTIONS, handler, () => idleMs);
    return {
      consumer,
      slow,
      begin: (): Promise<void> => {
        consumer.reserve();
        return consumer.run([MESSAGE], { settle: vi.fn(), slow });
      },
      end: (): void => ends.shift()?.(),
      busy: (ms: number): void => void vi.advanceTimersByTime(ms),
      idle: (ms: number): void => {
        idleMs += ms;
        vi.advanceTimersByTime(ms);
      },
    };
  };

  it('begins no other call while the quick ones are in hand', () => {
    const { consumer, slow, begin, idle } = aThread();
    expect(consumer.free).toBe(true);
    void begin();
    idle(99);
    expect(consumer.free).toBe(false);
    expect(slow).not.toHaveBeenCalled();
  });

  it('begins another call when the thread has been idle for too long with this one', () => {
    const { consumer, slow, begin, idle } = aThread();
    void begin();
    idle(100);
    expect(slow).toHaveBeenCalledOnce();
    expect(consumer.free).toBe(true);
  });

  it('counts the idle time of several waits together', () => {
    const { consumer, begin, idle, busy } = aThread();
    void begin();
    for (let wait = 0; wait < 9; wait += 1) {
      idle(11);
      busy(500);
    }
    expect(consumer.free).toBe(false);
    idle(1);
    busy(10);
    expect(consumer.free).toBe(true);
  });

  it('begins no other call while the thread is busy, however long this one takes', () => {
    const { consumer, slow, begin, busy } = aThread();
    void begin();
    busy(3_600_000);
    expect(slow).not.toHaveBeenCalled();
    expect(consumer.free).toBe(false);
  });

  it('has no more calls in hand than it may, quick or not', () => {
    const { consumer, begin, idle } = aThread();
    for (let call = 0; call < OPTIONS.concurrency; call += 1) {
      expect(consumer.free).toBe(true);
      void begin();
      idle(100);
    }
    expect(consumer.free).toBe(false);
  });

  it('gets the place of a slow call back once', async () => {
    const { consumer, begin, end, idle } = aThread();
    const slow = begin();
    idle(100);
    end();
    await slow;
    const quick = begin();
    expect(consumer.free).toBe(false);
    end();
    await quick;
    expect(consumer.free).toBe(true);
  });

  it('looks no more after a call that is over', async () => {
    const { begin, end, idle, slow } = aThread();
    const call = begin();
    end();
    await call;
    expect(vi.getTimerCount()).toBe(0);
    idle(1_000);
    expect(slow).not.toHaveBeenCalled();
  });
});
