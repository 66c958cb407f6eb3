import type { Settings } from '../domain/settings.ts';
import { allRows } from './rows.ts';
import {
  CURRENT,
  type DocumentPorts,
  isSealedAnew,
  type Pointer,
  pointerSchema,
  readDocument,
  removeDocument,
  SettingsCorruptError,
  writeDocument,
} from './settings-document.ts';

/** What the row of the current version points at, and the version of the row itself for a conditional write. */
export interface Current {
  pointer: Pointer;
  rowVersion: number;
}

/** The row of the current version; undefined before anything was saved. */
export const readPointer = async ({ store }: Pick<DocumentPorts, 'store'>): Promise<Current | undefined> => {
  const row = await store.get(CURRENT);
  return row === undefined
    ? undefined
    : { pointer: pointerSchema.parse(JSON.parse(row.body)), rowVersion: row.version };
};

/**
 * The settings that are pointed at; undefined when somebody has meanwhile put others in force and removed these. Throws
 * SettingsCorruptError and SecretsUnreadableError.
 */
export const readUnlessMoved = async (ports: DocumentPorts, current: Current): Promise<Settings | undefined> => {
  try {
    return await readDocument(ports, current.pointer);
  } catch (error) {
    if (!(error instanceof SettingsCorruptError)) throw error;
    if ((await readPointer(ports))?.rowVersion === current.rowVersion) throw error;
    return undefined;
  }
};

/** The settings in force with their pointer, begun with a pointer that was read already; undefined before anything was saved. */
export const readCurrent = async (
  ports: DocumentPorts,
  known?: Current,
): Promise<{ pointer: Pointer; settings: Settings } | undefined> => {
  let current = known ?? (await readPointer(ports));
  while (current !== undefined) {
    const settings = await readUnlessMoved(ports, current);
    if (settings !== undefined) return { pointer: current.pointer, settings };
    current = await readPointer(ports);
  }
  return undefined;
};

/** What shall be put in force instead of what. */
export interface Switch {
  settings: Settings;
  version: number;
  savedAtMs: number;
  from: Current | undefined;
}

/**
 * Puts settings in force if those that they replace still are; false when somebody came first. What is not in force afterwards is
 * removed, so that no secret outlives its file.
 */
export const switchTo = async (
  ports: DocumentPorts,
  { settings, version, savedAtMs, from }: Switch,
): Promise<boolean> => {
  const pointer = await writeDocument(ports, settings, { version, savedAtMs });
  const when = from === undefined ? 'absent' : { version: from.rowVersion };
  const [result] = await ports.store.write([{ kind: 'put', ...CURRENT, body: JSON.stringify(pointer), when }]);
  const isInForce = result?.applied === true;
  const unused = isInForce ? from?.pointer : pointer;
  if (unused !== undefined) await removeDocument(ports, unused);
  return isInForce;
};

/**
 * Seals every secret of a stored document that is in the clear or under an older key. The version stays, because nothing changes in
 * meaning. True when something was sealed, false when all was or somebody else came first. Throws SecretsUnreadableError.
 */
export const sealAnew = async (ports: DocumentPorts, from: Current): Promise<boolean> => {
  if (await isSealedAnew(ports, from.pointer)) return false;
  const settings = await readUnlessMoved(ports, from);
  const { version, savedAtMs } = from.pointer;
  return settings !== undefined && switchTo(ports, { settings, version, savedAtMs, from });
};

/** Removes what earlier versions, or writers that died, have left; nobody who writes now can have a version as old as these. */
const removeOldDocuments = async ({ store }: DocumentPorts, { pointer }: Current): Promise<boolean> => {
  let removed = false;
  for await (const { pk, sk } of allRows(store, 'settings')) {
    const version = Number(/^v(\d+)$/.exec(pk)?.[1] ?? pointer.version);
    if (version >= pointer.version) continue;
    await store.write([{ kind: 'delete', table: 'settings', pk, sk, when: 'any' }]);
    removed = true;
  }
  return removed;
};

/**
 * Leaves no secret of the settings in the clear, under an older key, or in a document that is not in force any more. True when there
 * was something to do. Throws SecretsUnreadableError, and then nothing is changed.
 */
export const sealStoredSettings = async (ports: DocumentPorts): Promise<boolean> => {
  const current = await readPointer(ports);
  if (current === undefined) return false;
  const sealed = await sealAnew(ports, current);
  const removed = await removeOldDocuments(ports, current);
  return sealed || removed;
};
