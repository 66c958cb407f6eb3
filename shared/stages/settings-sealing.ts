import { deadAttempts } from './settings-attempts.ts';
import { writeInSlices } from './settings-blobs.ts';
import type { DocumentPorts } from './settings-document.ts';
import { CURRENT, type Current, readPointer } from './settings-pointer.ts';
import { readUnlessMoved, type Snapshot } from './settings-snapshot.ts';
import { sweepSettings } from './settings-sweep.ts';
import { isSealedBy, switchTo } from './settings-switch.ts';

/**
 * Seals every secret of the settings in force that is in the clear or under an older key, and stores row by row what an earlier release
 * stored as one text. The version stays, because nothing changes in meaning. Undefined when there was nothing to do or somebody else
 * came first. Throws SecretsUnreadableError.
 */
export const sealAnew = async (
  ports: DocumentPorts,
  from: Current & Partial<Snapshot>,
): Promise<Snapshot | undefined> => {
  if (isSealedBy(from.pointer, ports)) return undefined;
  const snapshot =
    from.settings === undefined ? await readUnlessMoved(ports, from) : { ...from, settings: from.settings };
  if (snapshot === undefined) return undefined;
  const { version, savedAtMs } = from.pointer;
  return switchTo(ports, { settings: snapshot.settings, version, savedAtMs, from: snapshot, nowMs: savedAtMs });
};

/** Plays the turn that a dead writer was in, so that whoever is still alive in it loses and begins again, and what it has written can go. */
const playTurn = async ({ store }: DocumentPorts): Promise<void> => {
  const current = await readPointer({ store });
  if (current === undefined) return;
  const body = JSON.stringify(current.pointer);
  await store.write([{ kind: 'put', ...CURRENT, body, when: { version: current.rowVersion } }]);
};

/** Removes what a writer left that died, and documents of earlier releases. */
const sweepLeft = async (ports: DocumentPorts): Promise<boolean> => {
  const { store } = ports;
  const dead = await deadAttempts(store);
  const documents = await store.scan({ table: 'settings', after: { pk: 'v', sk: '' }, limit: 1 });
  if (dead.length === 0 && documents.length === 0) return false;
  if (dead.length > 0) await playTurn(ports);
  const removed = await sweepSettings(store);
  if (removed !== undefined) await writeInSlices(store, dead);
  return removed !== undefined && removed > 0;
};

/**
 * Leaves no secret of the settings in the clear, under an older key, or in a row that is not in force any more. True when there was
 * something to do. Throws SecretsUnreadableError, and then nothing is changed.
 */
export const sealStoredSettings = async (ports: DocumentPorts): Promise<boolean> => {
  const current = await readPointer(ports);
  if (current === undefined) return false;
  const sealed = await sealAnew(ports, current);
  const removed = await sweepLeft(ports);
  return sealed !== undefined || removed;
};
