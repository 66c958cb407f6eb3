import * as z from 'zod/mini';
import { digestOf } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { putRow, readStored, type Stored, unchanged } from './rows.ts';

const rowSchema = z.object({
  /** Digest of what was asked, so that another call with the same id is not taken for a repetition. */
  input: z.string(),
  startedAtMs: z.number(),
  leaseUntilMs: z.number(),
  /** JSON of the answer; absent while the call is under way. */
  answer: z.optional(z.string()),
});

type RequestRow = z.infer<typeof rowSchema>;

/** A call that may come more than once. */
export interface Request {
  /** What kind of call it is; ids of different kinds do not meet. */
  scope: string;
  id: string;
  /** Everything that it asks. */
  input: string;
  /** So long nobody else takes it over. */
  leaseMs: number;
}

/** What became of a call. `answer` is JSON text. */
export type Answered =
  | { kind: 'answered'; answer: string; repeated: boolean }
  | { kind: 'under-way'; waitMs: number }
  | { kind: 'other-input' };

interface RequestPorts {
  store: TableStore;
  clock: Clock;
}

const keyOf = ({ scope, id }: Request): RowKey => ({
  table: 'runs',
  pk: `request:${digestOf(scope, id)}`,
  sk: '',
});

const known = ({ value }: Stored<RequestRow>, request: Request, nowMs: number): Answered | undefined => {
  if (value.input !== digestOf(request.input)) return { kind: 'other-input' };
  if (value.answer !== undefined) return { kind: 'answered', answer: value.answer, repeated: true };
  const waitMs = value.leaseUntilMs - nowMs;
  return waitMs > 0 ? { kind: 'under-way', waitMs } : undefined;
};

interface Held {
  version: number;
  row: RequestRow;
}

const take = async ({ store, clock }: RequestPorts, request: Request): Promise<Held | Answered> => {
  const nowMs = clock.nowMs();
  const key = keyOf(request);
  const stored = await readStored<RequestRow>(store, rowSchema, key);
  const answered = stored === undefined ? undefined : known(stored, request, nowMs);
  if (answered !== undefined) return answered;
  const row: RequestRow = {
    input: digestOf(request.input),
    startedAtMs: stored?.value.startedAtMs ?? nowMs,
    leaseUntilMs: nowMs + request.leaseMs,
  };
  const [result] = await store.write([putRow(key, row, unchanged(stored))]);
  return result?.applied === true ? { version: result.version, row } : { kind: 'under-way', waitMs: request.leaseMs };
};

/** Lets the next repetition begin at once: this one came to no answer. */
const giveBack = async ({ store }: RequestPorts, request: Request, { version, row }: Held): Promise<void> => {
  const op = putRow(keyOf(request), { ...row, leaseUntilMs: 0 }, { version });
  await store.write([op]).catch(() => undefined);
};

/**
 * Does the work of a call once for its id, and keeps the answer for every repetition. `work` gets the instant at which the call was
 * first made; it must itself be safe to repeat, because a process can die after the work and before the answer is kept. Throws what
 * the work throws, and what the store throws.
 */
export const onceByRequest = async (
  ports: RequestPorts,
  request: Request,
  work: (startedAtMs: number) => Promise<unknown>,
): Promise<Answered> => {
  const held = await take(ports, request);
  if ('kind' in held) return held;
  try {
    const answer = JSON.stringify(await work(held.row.startedAtMs));
    const op = putRow(keyOf(request), { ...held.row, answer }, { version: held.version });
    await ports.store.write([op]).catch(() => undefined);
    return { kind: 'answered', answer, repeated: false };
  } catch (error) {
    await giveBack(ports, request, held);
    throw error;
  }
};
