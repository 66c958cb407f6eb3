import * as z from 'zod/mini';
import type { RowKey, TableStore } from '../ports/table-store.ts';

/** The row that says which settings are in force; the only one that a hot path reads. */
export const CURRENT: RowKey = { table: 'settings', pk: 'current', sk: '' };

const documentSchema = z.object({
  version: z.number(),
  /** Of the stored text, to notice damage. */
  digest: z.string(),
  /** Keyed digest of what the text means. Absent when it was written with secrets in the clear. */
  content: z.optional(z.string()),
  /** Names the rows; absent when the digest does. */
  rows: z.optional(z.string()),
  chunks: z.number(),
  savedAtMs: z.number(),
});

const rowsSchema = z.object({
  version: z.number(),
  /** The row that this version begins at. */
  root: z.string(),
  /** By which key and which list of places every secret in it is sealed. */
  sealing: z.string(),
  /** The row that tells the change which led to this version; absent when none was told since the settings are stored row by row. */
  history: z.optional(z.string()),
  savedAtMs: z.number(),
});

const pointerSchema = z.union([rowsSchema, documentSchema]);

/** Points at settings that an earlier release stored as one text. */
export type DocumentPointer = z.infer<typeof documentSchema>;

/** Points at settings that are stored row by row. */
export type RowsPointer = z.infer<typeof rowsSchema>;

/** Which settings are in force. */
export type Pointer = RowsPointer | DocumentPointer;

/** Whether an earlier release wrote what is pointed at. */
export const isDocument = (pointer: Pointer): pointer is DocumentPointer => 'digest' in pointer;

/** What the row of the settings in force points at, and the version of the row itself for a conditional write. */
export interface Current {
  pointer: Pointer;
  rowVersion: number;
}

/** The row of the settings in force; undefined before anything was saved. */
export const readPointer = async ({ store }: { store: TableStore }): Promise<Current | undefined> => {
  const row = await store.get(CURRENT);
  return row === undefined
    ? undefined
    : { pointer: pointerSchema.parse(JSON.parse(row.body)), rowVersion: row.version };
};
