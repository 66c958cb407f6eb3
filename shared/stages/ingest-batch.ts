import { randomUUID } from 'node:crypto';
import type { Event } from '../domain/event.ts';
import { batchIdOf } from '../domain/ids.ts';
import { MAX_MESSAGE_BYTES } from '../domain/message-size.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { WriteCondition, WriteOp } from '../ports/table-store.ts';
import type { EventDraft } from '../sources/index.ts';
import { type BatchRef, eventKeyOf, type LogEntry, logKeyOf } from './events-log.ts';
import type { RawBody } from './raw-body.ts';

/** One event about to be stored, as texts: what they were made from is garbage before anybody waits for the store. */
export interface Incoming {
  id: string;
  name: string;
  /** The event as JSON up to the instant of receipt, which its batch knows; for row and message. */
  head: string;
  /** The member of the row that holds the body as it came. */
  rawField: string;
  /** Its line in the log, as JSON. */
  entry: string;
  /** Absent for an event that nobody has seen, a version for one that is taken over from a lost batch. */
  when: WriteCondition;
}

/** Events that travel in one message under one batch id. */
export interface Batch extends BatchRef {
  items: readonly Incoming[];
}

/** What the message has beside its events, and what an event has beside its head, with room to spare. */
const FRAME_BYTES = 200;
const RECEIPT_BYTES = 40;

/** Text of another hand is written as a text; our own would only be escaped for nothing. */
const rawFieldOf = ({ text, ours }: RawBody): string => (ours ? `"json":${text}` : `"raw":${JSON.stringify(text)}`);

/** Never used before and sorted by time; random enough without being hashed. */
const newBatchId = (receivedAtMs: number): string => batchIdOf(receivedAtMs, randomUUID().replaceAll('-', ''));

/** Events in groups whose messages stay below the limit of the queue; a group is full when the next event has begun another one. */
export class MessageGroups {
  readonly groups: Incoming[][] = [];
  /** Of the message with the last group. */
  #bytes = 0;

  /** Puts an event into the last group, or into a new one where it does not fit; answers which. */
  add(item: Incoming): Incoming[] {
    const size = Buffer.byteLength(item.head) + RECEIPT_BYTES;
    const last = this.groups.at(-1);
    if (last !== undefined && this.#bytes + size <= MAX_MESSAGE_BYTES) {
      this.#bytes += size;
      last.push(item);
      return last;
    }
    const group = [item];
    this.groups.push(group);
    this.#bytes = FRAME_BYTES + size;
    return group;
  }
}

/** Groups as batches that are received now; a batch id is never used again. */
export const batchesFrom = (groups: readonly (readonly Incoming[])[], receivedAtMs: number): Batch[] =>
  groups.map((items) => ({ batch: newBatchId(receivedAtMs), receivedAtMs, items }));

/** Splits events into batches whose messages stay below the limit of the queue. */
export const batchesOf = (incoming: readonly Incoming[], receivedAtMs: number): Batch[] => {
  const filling = new MessageGroups();
  for (const item of incoming) filling.add(item);
  return batchesFrom(filling.groups, receivedAtMs);
};

const entryOf = ({
  id,
  product,
  type,
  name,
  status,
  level,
  source,
  resource,
  account,
  region,
}: EventDraft): LogEntry => ({
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

/** An event that was received before is received anew with its batch. */
const headOf = (event: EventDraft | Event): string =>
  JSON.stringify('receivedAtMs' in event ? { ...event, receivedAtMs: undefined } : event).slice(0, -1);

const eventText = ({ head }: Incoming, receivedAtMs: number): string => `${head},"receivedAtMs":${receivedAtMs}}`;

/** The event as it will be stored; its instant of receipt is that of its batch. */
export const incomingOf = (event: EventDraft | Event, raw: RawBody, when: WriteCondition = 'absent'): Incoming => ({
  id: event.id,
  name: event.name,
  head: headOf(event),
  rawField: rawFieldOf(raw),
  entry: JSON.stringify(entryOf(event)),
  when,
});

/** The write of the log row of a batch. */
export const logWriteOf = ({ batch, receivedAtMs, items }: Batch): WriteOp => ({
  ...logKeyOf({ batch, receivedAtMs }),
  kind: 'put',
  when: 'any',
  body: `{"batch":${JSON.stringify(batch)},"receivedAtMs":${receivedAtMs},"entries":[${items.map(({ entry }) => entry).join(',')}]}`,
});

/** The removal of the log row of a batch that turned out to hold nothing new. */
export const logRemovalOf = (batch: BatchRef): WriteOp => ({ ...logKeyOf(batch), kind: 'delete', when: 'any' });

/** The writes of the event rows of a batch, in the order of its items. */
export const eventWritesOf = ({ batch, receivedAtMs, items }: Batch): WriteOp[] =>
  items.map((item) => {
    const { table, pk, sk } = eventKeyOf(item.id);
    const body = `{"event":${eventText(item, receivedAtMs)},${item.rawField},"batch":"${batch}"}`;
    return { table, pk, sk, kind: 'put', when: item.when, body };
  });

/** The message that puts a batch on its way to match. */
export const messageOf = ({ batch, receivedAtMs, items }: Batch): OutgoingMessage => {
  const events = items.map((item) => eventText(item, receivedAtMs)).join(',');
  return { queue: 'events', body: `{"kind":"events","batch":"${batch}","attempt":0,"events":[${events}]}` };
};
