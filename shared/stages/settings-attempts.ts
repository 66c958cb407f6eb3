import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { TableStore, WriteOp } from '../ports/table-store.ts';
import { decode } from './rows.ts';

/** Longer than any function may run: who began so long ago and has not ended is dead. */
const DEAD_AFTER_MS = 15 * 60_000;
const MAX_LISTED = 100;

const ATTEMPTS = 'attempts';

const attemptSchema = z.object({ startedAtMs: z.number() });

/** Somebody who writes settings that are not in force yet. */
export interface Attempt {
  /** Begins the names of all rows that he writes: the turn, and a random word. */
  writer: string;
  begin: WriteOp;
  end: WriteOp;
}

const endOf = (writer: string): WriteOp => ({
  kind: 'delete',
  table: 'settings',
  pk: ATTEMPTS,
  sk: writer,
  when: 'any',
});

/**
 * A new attempt to put settings in force in a turn: the version that the row of the settings in force then has. Its row is written
 * before every other one and removed as the last, so that what a dead writer leaves is found.
 */
export const newAttempt = (turn: number, startedAtMs: number): Attempt => {
  const writer = `${turn}.${randomBytes(6).toString('base64url')}`;
  const body = JSON.stringify({ startedAtMs });
  return {
    writer,
    begin: { kind: 'put', table: 'settings', pk: ATTEMPTS, sk: writer, body, when: 'any' },
    end: endOf(writer),
  };
};

/** The rows of attempts that have not ended and, when the time is told, are too old to end any more: the deletes of these rows. */
export const deadAttempts = async (store: TableStore, nowMs?: number): Promise<WriteOp[]> => {
  const rows = await store.range({ table: 'settings', pk: ATTEMPTS, from: '', limit: MAX_LISTED });
  return rows.flatMap((row) => {
    const { startedAtMs } = decode(attemptSchema, row);
    return nowMs === undefined || startedAtMs < nowMs - DEAD_AFTER_MS ? [endOf(row.sk)] : [];
  });
};
