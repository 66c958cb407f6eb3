import * as z from 'zod/mini';
import { digestOf } from '../../domain/ids.ts';
import type { RowKey, TableStore } from '../../ports/table-store.ts';

const rowSchema = z.object({ workedAtMs: z.number() });

/** So seldom is it written down that a sender works: a mail must stay cheap, and days matter here, not minutes. */
const WRITE_EVERY_MS = 3_600_000;
const MAX_REMEMBERED = 1_000;

/** When it was last written down, for each sender and store; saves reading the row with every mail. */
const written = new WeakMap<TableStore, Map<string, number>>();

/** Who logs in where. */
export interface Sender {
  host: string;
  user: string;
}

const keyOf = ({ host, user }: Sender): RowKey => ({
  table: 'targets',
  pk: `smtp:${digestOf(host, user.toLowerCase())}`,
  sk: '',
});

const parsed = (body: string | undefined): number | undefined => {
  try {
    return rowSchema.parse(JSON.parse(body ?? '')).workedAtMs;
  } catch {
    return undefined;
  }
};

/** When this sender was last known to work, in epoch milliseconds and true to the hour; undefined when it never was. Throws what the store throws. */
export const workedUntil = async (store: TableStore, sender: Sender): Promise<number | undefined> =>
  parsed((await store.get(keyOf(sender)))?.body);

const knownFor = (store: TableStore): Map<string, number> => {
  const known = written.get(store) ?? new Map<string, number>();
  if (known.size > MAX_REMEMBERED) known.clear();
  written.set(store, known);
  return known;
};

/** Writes down that this sender works, at most once an hour. Throws what the store throws. */
export const rememberSuccess = async (store: TableStore, sender: Sender, nowMs: number): Promise<void> => {
  const key = keyOf(sender);
  const known = knownFor(store);
  const last = known.get(key.pk) ?? (await workedUntil(store, sender)) ?? Number.NEGATIVE_INFINITY;
  if (nowMs - last < WRITE_EVERY_MS) {
    known.set(key.pk, last);
    return;
  }
  await store.write([{ kind: 'put', ...key, body: JSON.stringify({ workedAtMs: nowMs }), when: 'any' }]);
  known.set(key.pk, nowMs);
};
