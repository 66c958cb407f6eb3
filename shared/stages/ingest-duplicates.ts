import type { EventsMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import { type Row, type RowKey, StoreUnavailableError, type TableStore } from '../ports/table-store.ts';
import { type BatchRef, type EventRow, eventKeyOf, eventRowOf, readBatch } from './events-log.ts';
import { batchesOf, incomingOf } from './ingest-batch.ts';
import { commitBatches } from './ingest-commit.ts';

/** What the second half of ingest needs. */
interface RedrivePorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

interface Known extends EventRow {
  version: number;
}

const knownOf = (row: Row | undefined): Known => {
  if (row === undefined) throw new StoreUnavailableError('An event row that was there a moment ago cannot be read');
  return { ...eventRowOf(row), version: row.version };
};

const refOf = ({ batch, event }: Known): BatchRef => ({ batch, receivedAtMs: event.receivedAtMs });

const decisionKeyOf = ({ batch }: BatchRef): RowKey => ({ table: 'decisions', pk: batch, sk: 'match' });

/** Batches that match has not decided yet. */
const undecided = async (store: TableStore, known: readonly Known[]): Promise<BatchRef[]> => {
  const refs = [...new Map(known.map((row) => [row.batch, refOf(row)])).values()];
  const decisions = await store.getMany(refs.map(decisionKeyOf));
  return refs.filter((_, index) => decisions[index] === undefined);
};

const outgoing = (message: EventsMessage): OutgoingMessage => ({ queue: 'events', body: JSON.stringify(message) });

/**
 * A crash between the rows and the log leaves events whose batch nobody can find again; they travel under a new one, received
 * now, because the books have passed the place in the log where the lost one would stand.
 */
const adopt = async (ports: RedrivePorts, orphans: readonly Known[]): Promise<void> => {
  const receivedAtMs = ports.clock.nowMs();
  const incoming = orphans.map(({ event, raw, version }) => incomingOf({ ...event, receivedAtMs }, raw, { version }));
  await commitBatches(ports.outbox, batchesOf(incoming, receivedAtMs));
};

const resend = async (ports: RedrivePorts, ref: BatchRef, known: readonly Known[]): Promise<void> => {
  const message = await readBatch(ports.store, ref);
  if (message === undefined)
    await adopt(
      ports,
      known.filter(({ batch }) => batch === ref.batch),
    );
  else await ports.outbox.commit([], [outgoing(message)]);
};

/**
 * Makes sure that events which were accepted before are really on their way: a batch that match has not decided is sent again,
 * which harms nobody, because match decides a batch only once.
 */
export const redriveDuplicates = async (ports: RedrivePorts, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  const rows = await ports.store.getMany(ids.map(eventKeyOf));
  const known = rows.map(knownOf);
  for (const ref of await undecided(ports.store, known)) await resend(ports, ref, known);
};
