import { type Settings, settingsSchema } from '../domain/settings.ts';
import { mapSecrets } from '../domain/settings-secrets.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { RowKey, TableStore, WriteOp } from '../ports/table-store.ts';
import { digestOf, SettingsCorruptError } from './settings-blobs.ts';
import type { DocumentPointer } from './settings-pointer.ts';

/** Where settings are and what opens their secrets. */
export interface DocumentPorts {
  store: TableStore;
  sealer: Sealer;
}

const SEALED = /^enc:v1:/;

/** A field that became a secret only later is still in the clear in what an earlier release wrote. */
const openDocument = (text: string, pointer: DocumentPointer, sealer: Sealer): unknown => {
  const document: unknown = JSON.parse(text);
  if (pointer.content === undefined) return document;
  return mapSecrets(document, (sealed, place) => (SEALED.test(sealed) ? sealer.open(sealed, place) : sealed));
};

const rowKeysOf = ({ version, rows, digest, chunks }: DocumentPointer): RowKey[] =>
  Array.from({ length: chunks }, (_, at) => ({
    table: 'settings',
    pk: `v${version}`,
    sk: `${rows ?? digest}-${String(at).padStart(5, '0')}`,
  }));

/** The deletes of a document. */
export const deleteDocument = (pointer: DocumentPointer): WriteOp[] =>
  rowKeysOf(pointer).map((key) => ({ kind: 'delete', ...key, when: 'any' }));

const textOfChunk = (body: string | undefined): string => {
  const chunk: unknown = body === undefined ? undefined : JSON.parse(body);
  if (typeof chunk !== 'string') throw new SettingsCorruptError('a part of the stored settings is missing');
  return chunk;
};

const readText = async ({ store }: Pick<DocumentPorts, 'store'>, pointer: DocumentPointer): Promise<string> => {
  const rows = await store.getMany(rowKeysOf(pointer));
  const text = rows.map((row) => textOfChunk(row?.body)).join('');
  if (digestOf(text) !== pointer.digest) throw new SettingsCorruptError('the stored settings are not what was written');
  return text;
};

/**
 * The settings that an earlier release stored as one text in parts. Throws {@link SettingsCorruptError} when they are not what was
 * written, and SecretsUnreadableError when no key that is known here opens their secrets.
 */
export const readDocument = async (ports: DocumentPorts, pointer: DocumentPointer): Promise<Settings> => {
  const text = await readText(ports, pointer);
  const checked = settingsSchema.safeParse(openDocument(text, pointer, ports.sealer));
  if (!checked.success)
    throw new SettingsCorruptError('the stored settings have a form that this version does not know', {
      cause: checked.error,
    });
  return checked.data;
};
