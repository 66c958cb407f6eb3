import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outbox } from '../../shared/ports/outbox.ts';
import type { OutgoingMessage } from '../../shared/ports/queue.ts';
import type { WriteOp } from '../../shared/ports/table-store.ts';
import { keyAt, putOf } from '../fixtures/store-rows.ts';
import type { QueueUnderTest } from './queue.suite.ts';
import type { StoreUnderTest } from './table-store.suite.ts';

/** What a suite is given: an outbox with the store and the queue behind it. */
export type OutboxUnderTest = StoreUnderTest & QueueUnderTest & { outbox: Outbox };

const MESSAGE: OutgoingMessage = { queue: 'notifications', body: 'told' };

/** Every promise of the Outbox port; each adapter must pass it. */
export const describeOutbox = (name: string, make: () => Promise<OutboxUnderTest>): void => {
  describe(`outbox: ${name}`, () => {
    let under: OutboxUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    const received = async () => {
      const messages = await under.queue.receive({ queue: 'notifications', max: 9, visibilityMs: 1000 });
      return messages.map(({ body }) => body);
    };
    const absent = (sk: string): WriteOp => ({ ...putOf(keyAt('p', sk), 'x'), when: 'absent' });

    it('writes the rows and sends the messages', async () => {
      const results = await under.outbox.commit([absent('a'), absent('b')], [MESSAGE, { ...MESSAGE, body: 'twice' }]);
      expect(results).toEqual(Array.from({ length: 2 }, () => ({ applied: true, version: 1 })));
      expect(await under.store.range({ table: 'lanes', pk: 'p', limit: 9 })).toHaveLength(2);
      expect(await received()).toEqual(['told', 'twice']);
    });

    it('sends nothing when one write is refused, and keeps the writes that took effect', async () => {
      await under.store.write([absent('taken')]);
      const results = await under.outbox.commit([absent('a'), absent('taken'), absent('b')], [MESSAGE]);
      expect(results.map(({ applied }) => applied)).toEqual([true, false, true]);
      expect(await under.store.range({ table: 'lanes', pk: 'p', limit: 9 })).toHaveLength(3);
      expect(await received()).toEqual([]);
    });

    it('sends without rows, writes without messages, and does nothing for nothing', async () => {
      expect(await under.outbox.commit([], [MESSAGE])).toEqual([]);
      expect(await under.outbox.commit([absent('a')], [])).toEqual([{ applied: true, version: 1 }]);
      expect(await under.outbox.commit([], [])).toEqual([]);
      expect(await received()).toEqual(['told']);
    });

    it('delays messages like the queue does', async () => {
      await under.outbox.commit([absent('a')], [{ ...MESSAGE, delayMs: 1000 }]);
      expect(await received()).toEqual([]);
      under.clock.advance(1000);
      expect(await received()).toEqual(['told']);
    });

    it('writes nothing when a message is one that no queue would take', async () => {
      const tooLong = { ...MESSAGE, body: 'x'.repeat(47_001) };
      await expect(under.outbox.commit([absent('a')], [tooLong])).rejects.toMatchObject({ code: 'message-limit' });
      expect(await under.store.get(keyAt('p', 'a'))).toBeUndefined();
    });

    it('lets one of many concurrent commits on the same row send its message', async () => {
      const commits = Array.from({ length: 12 }, (_, index) =>
        under.outbox.commit([absent('a')], [{ ...MESSAGE, body: String(index) }]),
      );
      const winner = (await Promise.all(commits)).findIndex(([result]) => result?.applied);
      expect(await received()).toEqual([String(winner)]);
    });
  });
};
