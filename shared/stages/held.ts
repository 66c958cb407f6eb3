import { type Digest, mergeDigests } from '../domain/digest.ts';
import { chunkKeyOf, chunkOf, chunkSchema } from '../domain/lane.ts';
import type { TableStore } from '../ports/table-store.ts';
import { decode, rowsOf } from './rows.ts';

/** What a window holds: the ids of its chunks in order, and their digest; no digest when it is empty. */
export interface Held {
  chunks: string[];
  digest?: Digest;
}

/** Chunks that are merged at a time, so that a window of any size needs little memory. */
const MERGE_AT_ONCE = 100;

const windowQuery = (key: string, window: number) => ({
  table: 'holds' as const,
  pk: key,
  from: chunkKeyOf(window, ''),
  to: chunkKeyOf(window, '\uffff'),
});

/** Everything that a window holds, or of it only the chunks that `told` names. */
export const readHeld = async (
  store: TableStore,
  at: { key: string; window: number },
  told?: ReadonlySet<string>,
): Promise<Held> => {
  const chunks: string[] = [];
  let digests: Digest[] = [];
  for await (const row of rowsOf(store, windowQuery(at.key, at.window))) {
    const chunk = chunkOf(row.sk);
    if (told !== undefined && !told.has(chunk)) continue;
    chunks.push(chunk);
    digests.push(decode(chunkSchema, row).digest);
    if (digests.length === MERGE_AT_ONCE) digests = [mergeDigests(digests)];
  }
  return digests.length === 0 ? { chunks } : { chunks, digest: mergeDigests(digests) };
};

/** Ids of the deliveries that wait in a window of a waiting room. */
export const readWaiting = async (store: TableStore, at: { key: string; window: number }): Promise<string[]> => {
  const waiting: string[] = [];
  for await (const row of rowsOf(store, windowQuery(at.key, at.window))) {
    const { waiting: id } = decode(chunkSchema, row);
    if (id !== undefined) waiting.push(id);
  }
  return waiting;
};
