import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore, WriteOp, WriteResult } from '../ports/table-store.ts';
import { type BatchRef, eventKeyOf, eventRowOf } from './events-log.ts';
import {
  type Batch,
  eventWritesOf,
  type Incoming,
  incomingOf,
  logRemovalOf,
  logWriteOf,
  messageOf,
} from './ingest-batch.ts';

/** What storing batches needs. */
export interface CommitPorts {
  store: TableStore;
  outbox: Outbox;
}

/** A batch whose events are with the store, and nowhere else while it writes them. */
interface SentBatch extends BatchRef {
  ids: readonly string[];
}

/** The events of a batch that are new, and those that were already there. */
interface Sorted extends SentBatch {
  staleIds: string[];
}

const sentOf = ({ batch, receivedAtMs, items }: Batch): SentBatch => ({
  batch,
  receivedAtMs,
  ids: items.map(({ id }) => id),
});

/** The results are those of the events of a batch and then of its log row, batch by batch. */
const sorted = (batches: readonly SentBatch[], results: readonly WriteResult[]): Sorted[] => {
  let at = 0;
  return batches.map((batch) => {
    const own = results.slice(at, at + batch.ids.length);
    at += batch.ids.length + 1;
    const isFresh = (index: number): boolean => own[index]?.applied === true;
    const staleIds = batch.ids.filter((_, index) => !isFresh(index));
    return { ...batch, ids: batch.ids.filter((_, index) => isFresh(index)), staleIds };
  });
};

/** The events of a batch as they were stored; whatever belongs to another batch by now stays there. */
const storedBatch = async ({ store }: CommitPorts, { batch, receivedAtMs, ids }: SentBatch): Promise<Batch> => {
  const rows = ids.length === 0 ? [] : await store.getMany(ids.map(eventKeyOf));
  const items: Incoming[] = rows
    .flatMap((row) => (row === undefined ? [] : eventRowOf(row)))
    .filter((row) => row.batch === batch)
    .map(({ event, raw }) => incomingOf(event, raw));
  return { batch, receivedAtMs, items };
};

/** The new events keep their batch, whose rows name it already; its log row and its message tell only them. */
const sendFresh = async (ports: CommitPorts, batches: readonly Sorted[]): Promise<string[]> => {
  const fresh = await Promise.all(batches.map((batch) => storedBatch(ports, batch)));
  const isGone = ({ items }: Batch): boolean => items.length === 0;
  const writes: WriteOp[] = fresh.map((batch) => (isGone(batch) ? logRemovalOf(batch) : logWriteOf(batch)));
  const messages: OutgoingMessage[] = fresh.filter((batch) => !isGone(batch)).map(messageOf);
  await ports.outbox.commit(writes, messages);
  return batches.flatMap(({ staleIds }) => staleIds);
};

/**
 * Stores the events and puts their batches on the queue: one commit when all of them are new. Resolves with the ids of those that
 * were there before; the others are durable and on their way. No `await` here
 * keeps an event while the store writes it: many of them wait at the same time.
 */
export const commitBatches = async (ports: CommitPorts, batches: readonly Batch[]): Promise<string[]> => {
  const sent = batches.map(sentOf);
  const writes = batches.flatMap((batch) => [...eventWritesOf(batch), logWriteOf(batch)]);
  return ports.outbox
    .commit(writes, batches.map(messageOf))
    .then((results) => (results.every(({ applied }) => applied) ? [] : sendFresh(ports, sorted(sent, results))));
};
