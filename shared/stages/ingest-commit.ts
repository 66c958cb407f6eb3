import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { WriteOp, WriteResult } from '../ports/table-store.ts';
import { type Batch, eventWritesOf, logRemovalOf, logWriteOf, messageOf } from './ingest-batch.ts';

/** A batch without the events that were already there, and those. */
interface Sorted {
  fresh: Batch;
  staleIds: string[];
  removed: boolean;
}

const sort = (batch: Batch, results: readonly WriteResult[]): Sorted => {
  const isFresh = (index: number): boolean => results[index]?.applied === true;
  const items = batch.items.filter((_, index) => isFresh(index));
  const staleIds = batch.items.filter((_, index) => !isFresh(index)).map(({ id }) => id);
  return { fresh: { ...batch, items }, staleIds, removed: items.length === 0 };
};

/** The new events keep their batch, whose rows name it already; its log row and its message tell only them. */
const sendFresh = async (outbox: Outbox, sorted: readonly Sorted[]): Promise<void> => {
  const writes: WriteOp[] = sorted.map(({ fresh, removed }) => (removed ? logRemovalOf(fresh) : logWriteOf(fresh)));
  const messages: OutgoingMessage[] = sorted.filter(({ removed }) => !removed).map(({ fresh }) => messageOf(fresh));
  await outbox.commit(writes, messages);
};

/**
 * Stores the events and puts their batches on the queue: one commit when all of them are new. Resolves with the ids of those that
 * were there before; the others are durable and on their way.
 */
export const commitBatches = async (outbox: Outbox, batches: readonly Batch[]): Promise<string[]> => {
  const writes = batches.flatMap((batch) => [...eventWritesOf(batch), logWriteOf(batch)]);
  const results = await outbox.commit(writes, batches.map(messageOf));
  if (results.every(({ applied }) => applied)) return [];
  let at = 0;
  const sorted = batches.map((batch) => {
    const own = results.slice(at, at + batch.items.length);
    at += batch.items.length + 1;
    return sort(batch, own);
  });
  await sendFresh(outbox, sorted);
  return sorted.flatMap(({ staleIds }) => staleIds);
};
