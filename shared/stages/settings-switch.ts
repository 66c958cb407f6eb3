import type { Settings } from '../domain/settings.ts';
import { StoreUnavailableError, type TableStore, type WriteOp } from '../ports/table-store.ts';
import { type Attempt, deadAttempts, newAttempt } from './settings-attempts.ts';
import { deleteBlob, putBlob, writeInSlices } from './settings-blobs.ts';
import { type DocumentPorts, deleteDocument } from './settings-document.ts';
import { type Authorship, deleteHistory, deleteOutdated, historyRefOf, putHistory } from './settings-history.ts';
import { type Plan, planTree } from './settings-plan.ts';
import { CURRENT, type Current, isDocument, type Pointer, type RowsPointer } from './settings-pointer.ts';
import { sealingOf } from './settings-seals.ts';
import type { Snapshot } from './settings-snapshot.ts';
import { sweepSettings } from './settings-sweep.ts';

/** What shall be put in force instead of what. */
export interface Switch {
  settings: Settings;
  version: number;
  savedAtMs: number;
  /** What it takes the place of, with what was read of it; without settings when nobody can open them. */
  from: (Current & Partial<Snapshot>) | undefined;
  /** Told in the history; absent when nothing changes in meaning. */
  by?: Authorship;
  nowMs: number;
}

/** Whether every secret of what is pointed at is sealed as this process would seal it. */
export const isSealedBy = (pointer: Pointer, { sealer }: DocumentPorts): boolean =>
  !isDocument(pointer) && pointer.sealing === sealingOf(sealer);

const turnAfter = (from: Switch['from']): number => (from?.rowVersion ?? 0) + 1;

const historyOfVersion = (pointer: Pointer | undefined): string | undefined =>
  pointer === undefined || isDocument(pointer) ? undefined : pointer.history;

interface Draft {
  plan: Plan;
  pointer: RowsPointer;
  /** Written before the switch. */
  writes: WriteOp[];
  /** Removes what was written, when somebody else came first. */
  undo: WriteOp[];
}

const draftOf = (ports: DocumentPorts, change: Switch, { writer }: Attempt): Draft => {
  const { settings, from, version, savedAtMs, by, nowMs } = change;
  const known = from?.settings === undefined ? undefined : { ...from, settings: from.settings };
  const reseals = from !== undefined && !isSealedBy(from.pointer, ports);
  const plan = planTree({ settings, from: known, writer, sealer: ports.sealer, reseals });
  const parent = historyOfVersion(from?.pointer);
  const ref = by === undefined ? parent : historyRefOf(version, writer);
  const told =
    by === undefined || ref === undefined
      ? []
      : putHistory({ ref, parent, version, atMs: nowMs, by, before: known?.settings ?? {}, after: plan.settings });
  return {
    plan,
    pointer: {
      version,
      root: plan.tree.ref,
      sealing: sealingOf(ports.sealer),
      savedAtMs,
      ...(ref === undefined ? {} : { history: ref }),
    },
    writes: [...plan.blobs.flatMap(putBlob), ...told],
    undo: [...plan.blobs.flatMap(deleteBlob), ...(by === undefined || ref === undefined ? [] : deleteHistory(ref))],
  };
};

const removalsAfter = async (store: TableStore, change: Switch, { plan }: Draft): Promise<WriteOp[]> => {
  const pointer = change.from?.pointer;
  return [
    ...plan.dropped.flatMap(deleteBlob),
    ...(pointer !== undefined && isDocument(pointer) ? deleteDocument(pointer) : []),
    ...(await deleteOutdated(store, change.version)),
  ];
};

/** What was unreadable, or a dead writer left, is found only by looking at everything. */
const sweepAfter = async (store: TableStore, { from, nowMs }: Switch): Promise<void> => {
  const dead = await deadAttempts(store, nowMs);
  if (dead.length === 0 && from?.settings !== undefined) return;
  if (from !== undefined && (await sweepSettings(store)) !== undefined) await writeInSlices(store, dead);
};

/** What cannot be removed now stays listed as an attempt that has not ended, and is removed by a later change or start. */
const unlessAway = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
  }
};

const cleanUp = async (store: TableStore, change: Switch, draft: Draft): Promise<void> => {
  await writeInSlices(store, await removalsAfter(store, change, draft));
  await sweepAfter(store, change);
};

/**
 * Puts settings in force if those that they replace still are; undefined when somebody came first. Only what differs is written, under
 * names of this attempt, and counts once the row of the settings in force names it. What is not in force afterwards is removed, so
 * that no secret outlives its file.
 */
export const switchTo = async (ports: DocumentPorts, change: Switch): Promise<Snapshot | undefined> => {
  const { store } = ports;
  const { from } = change;
  const attempt = newAttempt(turnAfter(from), change.nowMs);
  const draft = draftOf(ports, change, attempt);
  await store.write([attempt.begin]);
  await writeInSlices(store, draft.writes);
  const when = from === undefined ? 'absent' : { version: from.rowVersion };
  const [result] = await store.write([{ kind: 'put', ...CURRENT, body: JSON.stringify(draft.pointer), when }]);
  const isInForce = result?.applied === true;
  const ending = isInForce ? cleanUp(store, change, draft) : writeInSlices(store, draft.undo).then(() => undefined);
  await unlessAway(ending.then(() => store.write([attempt.end])).then(() => undefined));
  if (!isInForce) return undefined;
  return { pointer: draft.pointer, rowVersion: result.version, settings: draft.plan.settings, tree: draft.plan.tree };
};
