import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageQueue, QueueName, ReceivedMessage } from '../../shared/ports/queue.ts';
import type { FakeClock } from '../support/fake-clock.ts';

/** What a suite is given: a fresh adapter, the clock it reads, and what takes it down. */
export interface QueueUnderTest {
  queue: MessageQueue;
  clock: FakeClock;
  /** The shortest time that the adapter can hide a message for; 0 when it can make one visible at once. */
  granularityMs?: number;
  close(): Promise<void>;
}

const bodiesOf = (messages: readonly ReceivedMessage[]): string[] => messages.map(({ body }) => body);

/** Every promise of the MessageQueue port; each adapter must pass it. */
export const describeQueue = (name: string, make: () => Promise<QueueUnderTest>): void => {
  describe(`queue: ${name}`, () => {
    let under: QueueUnderTest;
    let queue: MessageQueue;
    beforeEach(async () => {
      under = await make();
      queue = under.queue;
    });
    afterEach(() => under.close());

    const send = (...bodies: string[]) => queue.send(bodies.map((body) => ({ queue: 'events', body })));
    const receive = (max = 10, visibilityMs = 30_000, from: QueueName = 'events') =>
      queue.receive({ queue: from, max, visibilityMs });
    const receiveOne = async (): Promise<ReceivedMessage> => {
      const [message] = await receive(1);
      if (message === undefined) throw new Error('nothing to receive');
      return message;
    };

    it('hands over what was sent, in order, as first attempt', async () => {
      await send('a', '警告😀', '');
      const messages = await receive();
      expect(bodiesOf(messages)).toEqual(['a', '警告😀', '']);
      expect(messages.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
      expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
    });

    it('gives nothing when nothing waits', async () => {
      expect(await receive()).toEqual([]);
      await queue.send([]);
      expect(await receive()).toEqual([]);
    });

    it('gives at most the number asked for', async () => {
      await send('a', 'b', 'c');
      expect(bodiesOf(await receive(2))).toEqual(['a', 'b']);
      expect(await receive(0)).toEqual([]);
      expect(bodiesOf(await receive(2))).toEqual(['c']);
    });

    it('keeps queues apart', async () => {
      await queue.send([
        { queue: 'events', body: 'e' },
        { queue: 'deliver-dingtalk', body: 'd' },
      ]);
      expect(bodiesOf(await receive(9, 1000, 'notifications'))).toEqual([]);
      expect(bodiesOf(await receive(9, 1000, 'deliver-dingtalk'))).toEqual(['d']);
      expect(bodiesOf(await receive())).toEqual(['e']);
    });

    it('never hands one message to two receivers at once', async () => {
      await send(...Array.from({ length: 60 }, (_, index) => String(index)));
      const batches = await Promise.all(Array.from({ length: 12 }, () => receive(7)));
      const ids = batches.flat().map(({ id }) => id);
      expect(ids).toHaveLength(60);
      expect(new Set(ids).size).toBe(60);
    });

    it('refuses a body that no cloud queue would take', async () => {
      await expect(send('中'.repeat(15_667))).rejects.toMatchObject({ code: 'message-limit' });
      await send('中'.repeat(15_666));
      expect(await receive()).toHaveLength(1);
    });

    it('refuses a body that would come back changed', async () => {
      await expect(send('a\u0000b')).rejects.toMatchObject({ code: 'unstorable-text' });
      expect(await receive()).toEqual([]);
    });

    describe('visibility', () => {
      it('hides a message until its visibility ends, then hands it over as next attempt', async () => {
        await send('a');
        const [first] = await receive(1, 1000);
        under.clock.advance(999);
        expect(await receive()).toEqual([]);
        under.clock.advance(1);
        expect(await receive()).toMatchObject([{ id: first?.id, body: 'a', attempt: 2 }]);
      });

      it('removes for good what was acknowledged', async () => {
        await send('a', 'b');
        const [a] = await receive(2, 1000);
        await queue.acknowledge('events', [a?.receipt ?? '']);
        under.clock.advance(1000);
        expect(bodiesOf(await receive())).toEqual(['b']);
      });

      it('ignores a receipt that went stale', async () => {
        await send('a');
        const [first] = await receive(1, 1000);
        under.clock.advance(1000);
        const stale = first?.receipt ?? '';
        await queue.acknowledge('events', [stale]);
        await queue.release('events', stale, 60_000);
        await queue.bury('events', stale, 'too late');
        const [second] = await receive(1, 1000);
        expect(second?.attempt).toBe(2);
        await queue.acknowledge('events', [stale]);
        await queue.bury('events', stale, 'too late');
        under.clock.advance(1000);
        expect((await receive())[0]?.attempt).toBe(3);
        expect(await queue.deadLetters('events', 9)).toEqual([]);
      });

      it('ignores receipts that it never gave, and one given twice', async () => {
        await send('a');
        const { receipt } = await receiveOne();
        await queue.acknowledge('events', ['', 'nonsense', '1.99', receipt, receipt]);
        await queue.acknowledge('events', [receipt]);
        await queue.acknowledge('events', []);
        under.clock.advance(3_600_000);
        expect(await receive()).toEqual([]);
      });
    });

    describe('delay', () => {
      it('hides a delayed message until it is due', async () => {
        await queue.send([
          { queue: 'events', body: 'late', delayMs: 5000 },
          { queue: 'events', body: 'soon', delayMs: 1000 },
          { queue: 'events', body: 'now' },
        ]);
        expect(bodiesOf(await receive())).toEqual(['now']);
        under.clock.advance(999);
        expect(await receive()).toEqual([]);
        under.clock.advance(1);
        expect(bodiesOf(await receive())).toEqual(['soon']);
        under.clock.advance(4000);
        expect(await receive()).toMatchObject([{ body: 'late', attempt: 1 }]);
      });

      it('takes a delay of seven days and refuses a longer or negative one', async () => {
        const delayed = (delayMs: number) => queue.send([{ queue: 'events', body: 'x', delayMs }]);
        await delayed(7 * 86_400_000);
        await expect(delayed(7 * 86_400_000 + 1)).rejects.toMatchObject({ code: 'message-limit' });
        await expect(delayed(-1)).rejects.toMatchObject({ code: 'message-limit' });
        await expect(delayed(Number.NaN)).rejects.toMatchObject({ code: 'message-limit' });
        under.clock.advance(7 * 86_400_000 - 1);
        expect(await receive()).toEqual([]);
        under.clock.advance(1);
        expect(await receive()).toHaveLength(1);
      });
    });

    describe('release', () => {
      it('makes a message visible at once', async () => {
        await send('a');
        const { receipt } = await receiveOne();
        await queue.release('events', receipt, 0);
        under.clock.advance(under.granularityMs ?? 0);
        expect(await receiveOne()).toMatchObject({ body: 'a', attempt: 2 });
      });

      it('makes a message visible after the delay, whatever its visibility was', async () => {
        await send('a');
        const { receipt } = await receiveOne();
        await queue.release('events', receipt, 60_000);
        under.clock.advance(59_999);
        expect(await receive()).toEqual([]);
        under.clock.advance(1);
        expect(await receiveOne()).toMatchObject({ body: 'a', attempt: 2 });
      });

      it('makes the receipt stale', async () => {
        await send('a');
        const { receipt } = await receiveOne();
        await queue.release('events', receipt, 0);
        await queue.acknowledge('events', [receipt]);
        under.clock.advance(under.granularityMs ?? 0);
        expect(await receiveOne()).toMatchObject({ attempt: 2 });
      });
    });

    describe('dead letters', () => {
      it('moves a message out of the queue with its reason, oldest first', async () => {
        await send('a', 'b', 'c');
        const messages = await receive();
        for (const { receipt, body } of messages) await queue.bury('events', receipt, `no use: ${body} 坏`);
        under.clock.advance(3_600_000);
        expect(await receive()).toEqual([]);
        expect(await queue.deadLetters('events', 2)).toEqual([
          { id: messages[0]?.id, body: 'a', reason: 'no use: a 坏' },
          { id: messages[1]?.id, body: 'b', reason: 'no use: b 坏' },
        ]);
        expect(await queue.deadLetters('events', 9)).toHaveLength(3);
        expect(await queue.deadLetters('events', 0)).toEqual([]);
      });

      it('makes a character visible that a reason cannot hold', async () => {
        await send('a');
        await queue.bury('events', (await receiveOne()).receipt, 'bad\u0000byte');
        expect(await queue.deadLetters('events', 9)).toMatchObject([{ reason: 'bad\ufffdbyte' }]);
      });

      it('keeps the dead letters of each queue apart', async () => {
        await send('a');
        await queue.bury('events', (await receiveOne()).receipt, 'bad');
        expect(await queue.deadLetters('notifications', 9)).toEqual([]);
      });
    });
  });
};
