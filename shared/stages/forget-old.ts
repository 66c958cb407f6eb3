import * as z from 'zod/mini';
import { type DeliveryState, deliveryStateSchema, isFinal } from '../domain/delivery.ts';
import { chunkKeyOf, isUnwatched, laneStateSchema } from '../domain/lane.ts';
import { type Retention, retentionOf } from '../domain/retention.ts';
import type { Clock } from '../ports/clock.ts';
import type { Row, RowKey, TableName, TableStore } from '../ports/table-store.ts';
import { deliveryRowKey } from './delivery-end.ts';
import { forgetBatches, forgetDecisions, forgetRow, forgetRows, readOpenWork } from './forget-batches.ts';
import { forgetAlong } from './forget-walk.ts';
import { hopRowKey } from './hop-rows.ts';
import { decode, rowsOf } from './rows.ts';
import { createSectionSource } from './section-source.ts';
import type { DocumentPorts } from './settings-document.ts';
import type { SettingsSource } from './settings-source.ts';

/** What forgetting needs. */
export interface ForgetPorts {
  store: TableStore;
  clock: Clock;
  retention: SettingsSource<Retention>;
}

/** How many of each were forgotten in one run. */
export interface ForgetReport {
  events: number;
  deliveries: number;
  windows: number;
  lanes: number;
  inbox: number;
  deadLetters: number;
  acknowledgements: number;
  runs: number;
}

/** How long the settings in force say that things are kept. */
export const createRetentionSource = (ports: DocumentPorts): SettingsSource<Retention> =>
  createSectionSource(ports, retentionOf);

const NOTHING: ForgetReport = {
  events: 0,
  deliveries: 0,
  windows: 0,
  lanes: 0,
  inbox: 0,
  deadLetters: 0,
  acknowledgements: 0,
  runs: 0,
};

const closedSchema = z.object({ closedAtMs: z.number(), delivery: z.optional(z.string()) });
const leasedSchema = z.object({ startedAtMs: z.number(), leaseUntilMs: z.number() });
const atSchema = z.object({ atMs: z.number() });

const isOver = (state: DeliveryState, beforeMs: number): boolean => isFinal(state) && state.updatedAtMs < beforeMs;

const forgetDelivery =
  (store: TableStore, beforeMs: number) =>
  async (row: Row): Promise<boolean> => {
    if (!isOver(decode(deliveryStateSchema, row), beforeMs)) return false;
    await forgetDecisions(store, row.pk);
    await forgetRows(store, [deliveryRowKey(row.pk)]);
    return true;
  };

/** A window with what it held, and where its message went on to; its own row goes last. */
const forgetWindow =
  (store: TableStore, beforeMs: number) =>
  async (row: Row): Promise<boolean> => {
    const { closedAtMs, delivery } = decode(closedSchema, row);
    if (closedAtMs >= beforeMs) return false;
    const window = Number(row.sk);
    const keys: RowKey[] = delivery === undefined ? [] : [hopRowKey(delivery)];
    const query = {
      table: 'holds' as const,
      pk: row.pk,
      from: chunkKeyOf(window, ''),
      to: chunkKeyOf(window, '\uffff'),
    };
    for await (const { sk } of rowsOf(store, query)) keys.push({ table: 'holds', pk: row.pk, sk });
    await forgetRows(store, [...keys, { table: 'windows', pk: row.pk, sk: row.sk }]);
    return true;
  };

/** A lane begins again with its first window, so it may only go when none of its windows is left. */
const hasWindows = async (store: TableStore, pk: string): Promise<boolean> => {
  const left = await Promise.all([
    store.range({ table: 'windows', pk, limit: 1 }),
    store.range({ table: 'holds', pk, limit: 1 }),
  ]);
  return left.some((rows) => rows.length > 0);
};

const forgetLane =
  (store: TableStore, beforeMs: number) =>
  async (row: Row): Promise<boolean> => {
    const lane = decode(laneStateSchema, row);
    if (lane.phase !== 'idle' && !isUnwatched(lane)) return false;
    if (Math.max(lane.dueMs, lane.sinceMs) >= beforeMs || (await hasWindows(store, row.pk))) return false;
    const key: RowKey = { table: 'lanes', pk: row.pk, sk: row.sk };
    const [result] = await store.write([{ ...forgetRow(key), when: { version: row.version } }]);
    return result?.applied === true;
  };

/** The marks of unread messages have no content: they go with their message. */
const forgetMessage =
  (store: TableStore, beforeMs: number) =>
  async (row: Row): Promise<boolean> => {
    if (!row.pk.startsWith('all:') || decode(atSchema, row).atMs >= beforeMs) return false;
    const user = row.pk.slice('all:'.length);
    const keys = [row.pk, `unread:${user}`].map((pk): RowKey => ({ table: 'inbox', pk, sk: row.sk }));
    await forgetRows(store, keys);
    return true;
  };

const forgetAck =
  (store: TableStore, beforeMs: number) =>
  async (row: Row): Promise<boolean> => {
    if (decode(atSchema, row).atMs >= beforeMs) return false;
    await forgetRows(store, [{ table: 'acks', pk: row.pk, sk: row.sk }]);
    return true;
  };

/** Runs of playbooks, and the answers that repetitions of a call were given. */
const forgetRun =
  (store: TableStore, beforeMs: number) =>
  async (row: Row): Promise<boolean> => {
    const { startedAtMs, leaseUntilMs } = decode(leasedSchema, row);
    if (Math.max(startedAtMs, leaseUntilMs) >= beforeMs) return false;
    await forgetRows(store, [{ table: 'runs', pk: row.pk, sk: row.sk }]);
    return true;
  };

const forgetLetter =
  (store: TableStore, beforeMs: number) =>
  async (row: Row): Promise<boolean> => {
    if (decode(atSchema, row).atMs >= beforeMs) return false;
    await forgetRows(store, [{ table: 'deadletters', pk: row.pk, sk: row.sk }]);
    return true;
  };

type Forget = (store: TableStore, beforeMs: number) => (row: Row) => Promise<boolean>;

/** What goes by the age of receipts, in this order: what others need goes after them. */
const WALKS: readonly (readonly [TableName, keyof ForgetReport, Forget])[] = [
  ['deliveries', 'deliveries', forgetDelivery],
  ['windows', 'windows', forgetWindow],
  ['lanes', 'lanes', forgetLane],
  ['inbox', 'inbox', forgetMessage],
  ['deadletters', 'deadLetters', forgetLetter],
  ['acks', 'acknowledgements', forgetAck],
  ['runs', 'runs', forgetRun],
];

/**
 * Forgets what is older than the settings say: events with what was decided about them, then receipts, closed windows, silent lanes,
 * internal messages, dead letters, acknowledgements and the answers to calls. What the books still need stays, however old it is. Each run does a bounded part, and any run
 * may die at any point; the next one goes on. What is absent from the settings is kept for ever.
 */
export const forgetOld =
  ({ store, clock, retention }: ForgetPorts) =>
  async (): Promise<ForgetReport> => {
    const { eventsMs, deliveriesMs } = await retention.current();
    if (eventsMs === undefined && deliveriesMs === undefined) return NOTHING;
    const open = await readOpenWork(store);
    const report = { ...NOTHING };
    if (eventsMs !== undefined) report.events = await forgetBatches(store, clock.nowMs() - eventsMs, open);
    if (deliveriesMs === undefined) return report;
    const beforeMs = Math.min(clock.nowMs() - deliveriesMs, open.oldestMs);
    for (const [table, name, forget] of WALKS) report[name] = await forgetAlong(store, table, forget(store, beforeMs));
    return report;
  };
