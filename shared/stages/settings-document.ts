import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { type Settings, settingsSchema } from '../domain/settings.ts';
import { canonicalJson } from '../domain/settings-json.ts';
import { mapSecrets } from '../domain/settings-secrets.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { RowKey, TableStore, WriteOp } from '../ports/table-store.ts';

/** A character of the document becomes at most three bytes of a row, so that a row stays below 256 KB. */
const CHUNK_CHARS = 64 * 1_024;
const ROWS_PER_WRITE = 100;

/** The row that says which document is in force; the only one that a hot path reads. */
export const CURRENT: RowKey = { table: 'settings', pk: 'current', sk: '' };

/** What the row of the current version says. */
export const pointerSchema = z.object({
  version: z.number(),
  /** Of the stored text, to notice damage. */
  digest: z.string(),
  /** Keyed digest of what the text means. Absent when an earlier release wrote it, with secrets in the clear. */
  content: z.optional(z.string()),
  /** Names the rows; absent when the digest does, as in earlier releases. */
  rows: z.optional(z.string()),
  chunks: z.number(),
  savedAtMs: z.number(),
});

/** Which document is in force. */
export type Pointer = z.infer<typeof pointerSchema>;

/** Where settings are and what opens their secrets. */
export interface DocumentPorts {
  store: TableStore;
  sealer: Sealer;
}

/** The stored settings cannot be read: a chunk is missing or the document is not what was written. */
export class SettingsCorruptError extends Error {
  readonly code = 'settings-corrupt';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SettingsCorruptError';
  }
}

const SEALED = /^enc:v1:/;

const sealDocument = (settings: Settings, sealer: Sealer): string =>
  canonicalJson(mapSecrets(settings, (secret, place) => sealer.seal(secret, place)));

/** A field that became a secret only in this release is still in the clear in what an earlier one wrote. */
const openDocument = (text: string, pointer: Pointer, sealer: Sealer): unknown => {
  const document: unknown = JSON.parse(text);
  if (pointer.content === undefined) return document;
  return mapSecrets(document, (sealed, place) => (SEALED.test(sealed) ? sealer.open(sealed, place) : sealed));
};

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const rowKeysOf = ({ version, rows, digest, chunks }: Pointer): RowKey[] =>
  Array.from({ length: chunks }, (_, at) => ({
    table: 'settings',
    pk: `v${version}`,
    sk: `${rows ?? digest}-${String(at).padStart(5, '0')}`,
  }));

const writeInParts = async (store: TableStore, ops: readonly WriteOp[]): Promise<void> => {
  for (let at = 0; at < ops.length; at += ROWS_PER_WRITE) await store.write(ops.slice(at, at + ROWS_PER_WRITE));
};

/**
 * Writes the document of a version that is not yet in force, its secrets sealed, and gives the pointer to it. Its rows have a name
 * of their own, so that two writers of the same version never mix their documents.
 */
export const writeDocument = async (
  { store, sealer }: DocumentPorts,
  settings: Settings,
  { version, savedAtMs }: { version: number; savedAtMs: number },
): Promise<Pointer> => {
  const text = sealDocument(settings, sealer);
  const pointer: Pointer = {
    version,
    digest: digestOf(text),
    content: sealer.digest(canonicalJson(settings)),
    rows: randomBytes(9).toString('base64url'),
    chunks: Math.ceil(text.length / CHUNK_CHARS),
    savedAtMs,
  };
  const ops = rowKeysOf(pointer).map((key, at): WriteOp => {
    const chunk = text.slice(at * CHUNK_CHARS, (at + 1) * CHUNK_CHARS);
    return { kind: 'put', ...key, body: JSON.stringify(chunk), when: 'any' };
  });
  await writeInParts(store, ops);
  return pointer;
};

/** Removes a document that is not in force, or not any more. */
export const removeDocument = ({ store }: Pick<DocumentPorts, 'store'>, pointer: Pointer): Promise<void> =>
  writeInParts(
    store,
    rowKeysOf(pointer).map((key): WriteOp => ({ kind: 'delete', ...key, when: 'any' })),
  );

/** Whether a pointer names this very content, so that nothing needs to be written. */
export const isSameDocument = ({ content, digest }: Pointer, settings: Settings, sealer: Sealer): boolean => {
  const text = canonicalJson(settings);
  return content === undefined ? digest === digestOf(text) : sealer.isDigestOf(text, content);
};

const textOfChunk = (body: string | undefined): string => {
  const chunk: unknown = body === undefined ? undefined : JSON.parse(body);
  if (typeof chunk !== 'string') throw new SettingsCorruptError('a part of the stored settings is missing');
  return chunk;
};

const readText = async ({ store }: Pick<DocumentPorts, 'store'>, pointer: Pointer): Promise<string> => {
  const rows = await store.getMany(rowKeysOf(pointer));
  const text = rows.map((row) => textOfChunk(row?.body)).join('');
  if (digestOf(text) !== pointer.digest) throw new SettingsCorruptError('the stored settings are not what was written');
  return text;
};

/** Whether every secret of a stored document is sealed under the newest key. Throws {@link SettingsCorruptError}. */
export const isSealedAnew = async (ports: DocumentPorts, pointer: Pointer): Promise<boolean> => {
  const { keyId } = ports.sealer;
  let sealed = pointer.content?.startsWith(`${keyId}:`) === true;
  mapSecrets(JSON.parse(await readText(ports, pointer)), (secret) => {
    if (!secret.startsWith(`enc:v1:${keyId}:`)) sealed = false;
    return secret;
  });
  return sealed;
};

/**
 * The settings that a pointer names. Throws {@link SettingsCorruptError} when they are not what was written, and
 * SecretsUnreadableError when no key that is known here opens their secrets.
 */
export const readDocument = async (ports: DocumentPorts, pointer: Pointer): Promise<Settings> => {
  const text = await readText(ports, pointer);
  const checked = settingsSchema.safeParse(openDocument(text, pointer, ports.sealer));
  if (!checked.success)
    throw new SettingsCorruptError('the stored settings have a form that this version does not know', {
      cause: checked.error,
    });
  return checked.data;
};
