import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Row, TableStore } from '../ports/table-store.ts';
import { type EventRow, eventKeyOf, eventRowOf } from './events-log.ts';
import { batchesOf, incomingOf } from './ingest-batch.ts';
import { commitBatches } from './ingest-commit.ts';
import { isLost, type MatchRecord, matchRecordKey } from './match-record.ts';
import { putRow } from './rows.ts';

/** What bringing events under another batch needs. */
export interface AdoptPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** An event that is stored, and the version of its row. */
export interface StoredEvent extends EventRow {
  version: number;
}

/** The event in a row of `events`. */
export const storedEventOf = (row: Row): StoredEvent => ({ ...eventRowOf(row), version: row.version });

/**
 * Decides that match will never tell anything of this batch, so that its events can be told by another one. False when match has decided
 * about it before: then its events are on their way.
 */
const declareLost = async (store: TableStore, batch: string, atMs: number): Promise<boolean> => {
  const record: MatchRecord = { settingsVersion: 0, atMs, items: [], eventIds: [], lost: true };
  const key = matchRecordKey(batch);
  const [result] = await store.write([putRow(key, record, 'absent')]);
  return result?.applied === true || isLost(await store.get(key));
};

/**
 * Brings events of a lost batch under a new one, received now, because the books have passed the place in the log where the lost one would
 * stand. Whatever belongs to another batch by now stays there.
 */
export const adopt = async (ports: AdoptPorts, batch: string, events: readonly StoredEvent[]): Promise<void> => {
  const own = events.filter((event) => event.batch === batch);
  const receivedAtMs = ports.clock.nowMs();
  if (own.length === 0 || !(await declareLost(ports.store, batch, receivedAtMs))) return;
  const incoming = own.map(({ event, raw, version }) => incomingOf({ ...event, receivedAtMs }, raw, { version }));
  await commitBatches(ports, batchesOf(incoming, receivedAtMs));
};

/** Brings what is left of a lost batch under a new one: its message came after all, when others had given it up. */
export const adoptRest = async (ports: AdoptPorts, batch: string, eventIds: readonly string[]): Promise<void> => {
  const rows = await ports.store.getMany(eventIds.map(eventKeyOf));
  await adopt(ports, batch, rows.filter((row) => row !== undefined).map(storedEventOf));
};
