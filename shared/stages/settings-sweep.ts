import type { Row, TableStore, WriteOp } from '../ports/table-store.ts';
import { allRows } from './rows.ts';
import { refOfSortKey, SettingsCorruptError, turnOf, writeInSlices } from './settings-blobs.ts';
import { deleteHistory, HISTORY, historyOf, writerOfHistory } from './settings-history.ts';
import { type Current, isDocument, readPointer } from './settings-pointer.ts';
import { blobsOf, readTree } from './settings-tree.ts';

const keyOf = (pk: string, ref: string): string => JSON.stringify([pk, ref]);

const isBlob = (pk: string): boolean => pk === 'roots' || pk.startsWith('o/') || pk.startsWith('p/');

const documentVersionOf = (pk: string): number => Number(/^v(\d+)$/.exec(pk)?.[1] ?? Number.POSITIVE_INFINITY);

const deleteOf = ({ pk, sk }: Row): WriteOp => ({ kind: 'delete', table: 'settings', pk, sk, when: 'any' });

/** Nobody who still writes can win the turn that was played already, so that rows of it that are not in force never will be. */
const isOver = (ref: string, { rowVersion }: Current): boolean =>
  (turnOf(ref) ?? Number.POSITIVE_INFINITY) <= rowVersion;

const isUnused = ({ pk, sk }: Row, current: Current, used: ReadonlySet<string>): boolean => {
  const { pointer } = current;
  if (documentVersionOf(pk) < pointer.version) return true;
  if (isDocument(pointer)) return false;
  if (documentVersionOf(pk) === pointer.version) return true;
  const ref = refOfSortKey(sk);
  return isBlob(pk) && isOver(ref, current) && !used.has(keyOf(pk, ref));
};

const usedIn = async (store: TableStore, { pointer }: Current): Promise<Set<string>> =>
  isDocument(pointer)
    ? new Set()
    : new Set(blobsOf(await readTree(store, pointer.root)).map(({ pk, ref }) => keyOf(pk, ref)));

/** Entries of the history that belong to no version that was ever in force. */
const strayHistory = (rows: readonly Row[], current: Current): WriteOp[] => {
  const told = historyOf(rows, current.pointer);
  return rows.flatMap(({ sk }) => (told.has(sk) || !isOver(writerOfHistory(sk), current) ? [] : deleteHistory(sk)));
};

const unusedRows = async (store: TableStore, current: Current): Promise<WriteOp[]> => {
  const used = await usedIn(store, current);
  const unused: WriteOp[] = [];
  const history: Row[] = [];
  for await (const row of allRows(store, 'settings')) {
    if (row.pk === HISTORY) history.push(row);
    else if (isUnused(row, current, used)) unused.push(deleteOf(row));
  }
  return [...unused, ...strayHistory(history, current)];
};

/**
 * Removes every row that earlier versions, or writers that died, have left, so that no secret outlives its file. Gives how many there
 * were; undefined when it could not look, because somebody has just put other settings in force. Reads the whole table.
 */
export const sweepSettings = async (store: TableStore): Promise<number | undefined> => {
  const current = await readPointer({ store });
  if (current === undefined) return 0;
  try {
    const unused = await unusedRows(store, current);
    await writeInSlices(store, unused);
    return unused.length;
  } catch (error) {
    if (error instanceof SettingsCorruptError) return undefined;
    throw error;
  }
};
