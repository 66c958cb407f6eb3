import * as z from 'zod/mini';
import { idOf } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { decode, putRow } from './rows.ts';

const PARTITION = 'playbooks';

const rowSchema = z.object({
  id: z.string(),
  startedAtMs: z.number(),
  /** A run that has no end after that instant was cut off. */
  leaseUntilMs: z.number(),
  endedAtMs: z.optional(z.number()),
  status: z.enum(['running', 'success', 'fail', 'incomplete']),
  counts: z.object({ nodes: z.number(), messages: z.number(), delivered: z.number() }),
  /** The whole result; absent while it is running. */
  result: z.optional(z.unknown()),
});

/** One run of a playbook as it is kept. `interrupted`: it has no end, and nobody is running it any more. */
export type PlaybookRun = Omit<z.infer<typeof rowSchema>, 'status' | 'leaseUntilMs'> & {
  status: z.infer<typeof rowSchema>['status'] | 'interrupted';
};

/** A run that is kept; its `leaseUntilMs` says how long it may take. */
export type PlaybookRunRow = z.infer<typeof rowSchema>;

/** Id of the run of a call: the same for every repetition. */
export const runIdOf = (startedAtMs: number, requestId: string): string =>
  idOf('run', startedAtMs, ['playbook', requestId]);

const keyOf = (id: string): RowKey => ({ table: 'runs', pk: PARTITION, sk: id });

/** Keeps a run as it stands now. */
export const keepRun = async (store: TableStore, run: PlaybookRunRow): Promise<void> => {
  await store.write([putRow(keyOf(run.id), run, 'any')]);
};

const told = ({ leaseUntilMs, ...run }: PlaybookRunRow, nowMs: number): PlaybookRun =>
  run.status === 'running' && leaseUntilMs < nowMs ? { ...run, status: 'interrupted' } : run;

/** One run; undefined when there is none of this id. */
export const readRun = async (
  { store, clock }: { store: TableStore; clock: Clock },
  id: string,
): Promise<PlaybookRun | undefined> => {
  const row = await store.get(keyOf(id));
  return row === undefined ? undefined : told(decode(rowSchema, row), clock.nowMs());
};

/** Runs without their results, newest first, at most `limit`, those before the run `before` when it is given. */
export const listRuns = async (
  { store, clock }: { store: TableStore; clock: Clock },
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<{ items: Omit<PlaybookRun, 'result'>[]; cursor?: string }> => {
  // One more than asked for tells whether there are more; the cursor itself is in the range and taken out.
  const range = { table: 'runs' as const, pk: PARTITION, reverse: true, limit: limit + 2 };
  const rows = await store.range(before === undefined ? range : { ...range, to: before });
  const runs = rows.filter(({ sk }) => sk !== before).map((row) => told(decode(rowSchema, row), clock.nowMs()));
  const items = runs.slice(0, limit).map(({ result: _, ...run }) => run);
  const last = items.at(-1);
  return runs.length > limit && last !== undefined ? { items, cursor: last.id } : { items };
};
