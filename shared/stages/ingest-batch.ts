import { randomUUID } from 'node:crypto';
import type { Event } from '../domain/event.ts';
import { batchIdOf } from '../domain/ids.ts';
import { MAX_MESSAGE_BYTES } from '../domain/message-size.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { WriteCondition, WriteOp } from '../ports/table-store.ts';
import { type BatchRef, eventKeyOf, type LogEntry, logKeyOf } from './events-log.ts';
import type { RawBody } from './raw-body.ts';

/** One event about to be stored; `json` is the event as JSON text, made once for row and message. */
export interface Incoming {
  event: Event;
  /** The member of the row that holds the body as it came. */
  rawField: string;
  json: string;
  /** Absent for an event that nobody has seen, a version for one that is taken over from a lost batch. */
  when: WriteCondition;
}

/** Events that travel in one message under one batch id. */
export interface Batch extends BatchRef {
  items: readonly Incoming[];
}

/** What the message has beside its events, with room to spare. */
const FRAME_BYTES = 200;

/** Text of another hand is written as a text; our own would only be escaped for nothing. */
const rawFieldOf = ({ text, ours }: RawBody): string => (ours ? `"json":${text}` : `"raw":${JSON.stringify(text)}`);

/** The event with its JSON text. */
export const incomingOf = (event: Event, raw: RawBody, when: WriteCondition = 'absent'): Incoming => ({
  event,
  rawField: rawFieldOf(raw),
  json: JSON.stringify(event),
  when,
});

/** Never used before and sorted by time; random enough without being hashed. */
const newBatchId = (receivedAtMs: number): string => batchIdOf(receivedAtMs, randomUUID().replaceAll('-', ''));

/** Splits events into batches whose messages stay below the limit of the queue; a batch id is never used again. */
export const batchesOf = (incoming: readonly Incoming[], receivedAtMs: number): Batch[] => {
  const groups: Incoming[][] = [];
  let bytes = MAX_MESSAGE_BYTES;
  for (const item of incoming) {
    const size = Buffer.byteLength(item.json) + 1;
    if (bytes + size > MAX_MESSAGE_BYTES) {
      groups.push([]);
      bytes = FRAME_BYTES;
    }
    groups.at(-1)?.push(item);
    bytes += size;
  }
  return groups.map((items) => ({ batch: newBatchId(receivedAtMs), receivedAtMs, items }));
};

const entryOf = ({ id, product, type, name, status, level, source, resource, account, region }: Event): LogEntry => ({
  id,
  product,
  type,
  name,
  status,
  level,
  source,
  resource: { id: resource.id, name: resource.name },
  account,
  region,
});

/** The write of the log row of a batch. */
export const logWriteOf = ({ batch, receivedAtMs, items }: Batch): WriteOp => ({
  ...logKeyOf({ batch, receivedAtMs }),
  kind: 'put',
  when: 'any',
  body: JSON.stringify({ batch, receivedAtMs, entries: items.map(({ event }) => entryOf(event)) }),
});

/** The removal of the log row of a batch that turned out to hold nothing new. */
export const logRemovalOf = (batch: BatchRef): WriteOp => ({ ...logKeyOf(batch), kind: 'delete', when: 'any' });

/** The writes of the event rows of a batch, in the order of its items. */
export const eventWritesOf = ({ batch, items }: Batch): WriteOp[] =>
  items.map(({ event, rawField, json, when }) => {
    const { table, pk, sk } = eventKeyOf(event.id);
    return { table, pk, sk, kind: 'put', when, body: `{"event":${json},${rawField},"batch":"${batch}"}` };
  });

/** The message that puts a batch on its way to match. */
export const messageOf = ({ batch, items }: Batch): OutgoingMessage => ({
  queue: 'events',
  body: `{"kind":"events","batch":"${batch}","attempt":0,"events":[${items.map(({ json }) => json).join(',')}]}`,
});
