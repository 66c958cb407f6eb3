import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type Settings, settingsSchema } from '../domain/settings.ts';
import { canonicalJson } from '../domain/settings-json.ts';
import type { RowKey, TableStore, WriteOp } from '../ports/table-store.ts';

/** A character of the document becomes at most three bytes of a row, so that a row stays below 256 KB. */
const CHUNK_CHARS = 64 * 1_024;
const ROWS_PER_WRITE = 100;

/** The row that says which document is in force; the only one that a hot path reads. */
export const CURRENT: RowKey = { table: 'settings', pk: 'current', sk: '' };

/** What the row of the current version says; the document is found by version and digest. */
export const pointerSchema = z.object({
  version: z.number(),
  digest: z.string(),
  chunks: z.number(),
  savedAtMs: z.number(),
});

/** Which document is in force. */
export type Pointer = z.infer<typeof pointerSchema>;

/** The stored settings cannot be read: a chunk is missing or the document is not what was written. */
class SettingsCorruptError extends Error {
  readonly code = 'settings-corrupt';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SettingsCorruptError';
  }
}

/** The text that is written to the store. Encryption at rest goes here, and into {@link openDocument}. */
const sealDocument = (settings: Settings): string => canonicalJson(settings);

const openDocument = (sealed: string): unknown => JSON.parse(sealed);

const digestOf = (sealed: string): string => createHash('sha256').update(sealed).digest('base64url').slice(0, 22);

const chunkKey = ({ version, digest }: Pick<Pointer, 'version' | 'digest'>, at: number): RowKey => ({
  table: 'settings',
  pk: `v${version}`,
  sk: `${digest}-${String(at).padStart(5, '0')}`,
});

const chunksOf = (sealed: string): string[] =>
  Array.from({ length: Math.ceil(sealed.length / CHUNK_CHARS) }, (_, at) =>
    sealed.slice(at * CHUNK_CHARS, (at + 1) * CHUNK_CHARS),
  );

/**
 * Writes the document of a version that is not yet in force and gives the pointer to it. Rows are named by version and content, so
 * that two writers of the same version never mix their documents.
 */
export const writeDocument = async (
  store: TableStore,
  settings: Settings,
  { version, savedAtMs }: { version: number; savedAtMs: number },
): Promise<Pointer> => {
  const sealed = sealDocument(settings);
  const chunks = chunksOf(sealed);
  const pointer = { version, digest: digestOf(sealed), chunks: chunks.length, savedAtMs };
  const ops = chunks.map(
    (chunk, at): WriteOp => ({ kind: 'put', ...chunkKey(pointer, at), body: JSON.stringify(chunk), when: 'any' }),
  );
  for (let at = 0; at < ops.length; at += ROWS_PER_WRITE) await store.write(ops.slice(at, at + ROWS_PER_WRITE));
  return pointer;
};

/** Whether a pointer names this very content, so that nothing needs to be written. */
export const isSameDocument = (pointer: Pointer, settings: Settings): boolean =>
  pointer.digest === digestOf(sealDocument(settings));

const textOfChunk = (body: string | undefined): string => {
  const chunk: unknown = body === undefined ? undefined : JSON.parse(body);
  if (typeof chunk !== 'string') throw new SettingsCorruptError('a part of the stored settings is missing');
  return chunk;
};

/** The settings that a pointer names; throws {@link SettingsCorruptError} when they are not what was written. */
export const readDocument = async (store: TableStore, pointer: Pointer): Promise<Settings> => {
  const keys = Array.from({ length: pointer.chunks }, (_, at) => chunkKey(pointer, at));
  const rows = await store.getMany(keys);
  const sealed = rows.map((row) => textOfChunk(row?.body)).join('');
  if (digestOf(sealed) !== pointer.digest)
    throw new SettingsCorruptError('the stored settings are not what was written');
  const checked = settingsSchema.safeParse(openDocument(sealed));
  if (!checked.success)
    throw new SettingsCorruptError('the stored settings have a form that this version does not know', {
      cause: checked.error,
    });
  return checked.data;
};
