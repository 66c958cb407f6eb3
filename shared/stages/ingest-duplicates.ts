import type { EventsMessage } from '../domain/messages.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import { type Row, StoreUnavailableError, type TableStore } from '../ports/table-store.ts';
import { type BatchRef, eventKeyOf, readBatch } from './events-log.ts';
import { type AdoptPorts, adopt, type StoredEvent, storedEventOf } from './lost-batch.ts';
import { isLost, matchRecordKey } from './match-record.ts';

const storedOf = (row: Row | undefined): StoredEvent => {
  if (row === undefined) throw new StoreUnavailableError('An event row that was there a moment ago cannot be read');
  return storedEventOf(row);
};

const refOf = ({ batch, event }: StoredEvent): BatchRef => ({ batch, receivedAtMs: event.receivedAtMs });

/** Batches that match has not decided yet, or never will. */
const undecided = async (store: TableStore, events: readonly StoredEvent[]): Promise<BatchRef[]> => {
  const refs = [...new Map(events.map((event) => [event.batch, refOf(event)])).values()];
  const decisions = await store.getMany(refs.map(({ batch }) => matchRecordKey(batch)));
  return refs.filter((_, index) => decisions[index] === undefined || isLost(decisions[index]));
};

const outgoing = (message: EventsMessage): OutgoingMessage => ({ queue: 'events', body: JSON.stringify(message) });

/** A crash between the rows and the log leaves events whose batch nobody can find again; they travel under a new one. */
const resend = async (ports: AdoptPorts, ref: BatchRef, events: readonly StoredEvent[]): Promise<void> => {
  const message = await readBatch(ports.store, ref);
  if (message === undefined) await adopt(ports, ref.batch, events);
  else await ports.outbox.commit([], [outgoing(message)]);
};

/**
 * Makes sure that events which were accepted before are really on their way: a batch that match has not decided is sent again,
 * which harms nobody, because match decides a batch only once.
 */
export const redriveDuplicates = async (ports: AdoptPorts, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  const rows = await ports.store.getMany(ids.map(eventKeyOf));
  const events = rows.map(storedOf);
  for (const ref of await undecided(ports.store, events)) await resend(ports, ref, events);
};
