import { isCanary } from '../domain/canary-event.ts';
import type { EventsMessage } from '../domain/messages.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type BatchRef, LOG_PARTITION, logKeyOf, logRowSchema, readBatch } from './events-log.ts';
import { decode, rowsOf } from './rows.ts';

/** Instants of receipt, both inclusive, in epoch milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** Above every character of a batch id. */
const AFTER_ALL = '~';

/** Every batch of the log in this span, oldest first. */
export async function* batchesIn(store: TableStore, { fromMs, toMs }: Span): AsyncGenerator<BatchRef> {
  const from = logKeyOf({ batch: '', receivedAtMs: fromMs }).sk;
  const to = logKeyOf({ batch: AFTER_ALL, receivedAtMs: toMs }).sk;
  for await (const row of rowsOf(store, { table: 'log', pk: LOG_PARTITION, from, to })) {
    const { batch, receivedAtMs } = decode(logRowSchema, row);
    yield { batch, receivedAtMs };
  }
}

/** The stored events of this span as the messages that put them on their way, oldest first; what is about the canary, and batches without other events, is left out. */
export async function* storedBatches(
  store: TableStore,
  span: Span,
): AsyncGenerator<{ ref: BatchRef; message: EventsMessage }> {
  for await (const ref of batchesIn(store, span)) {
    const message = await readBatch(store, ref);
    const events = (message?.events ?? []).filter((event) => !isCanary(event));
    if (message !== undefined && events.length > 0) yield { ref, message: { ...message, events } };
  }
}
