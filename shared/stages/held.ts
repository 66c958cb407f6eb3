import type { Delivery } from '../domain/delivery.ts';
import { type Digest, mergeDigests, worstLevel } from '../domain/digest.ts';
import type { Fallback } from '../domain/fallback.ts';
import { type Quiet, quietOfAll } from '../domain/gate.ts';
import { chunkKeyOf, chunkOf, chunkSchema, digestOfChunk, windowRecordSchema } from '../domain/lane.ts';
import { rankOf } from '../domain/level.ts';
import type { TableStore } from '../ports/table-store.ts';
import { windowRowKey } from './hold.ts';
import { decode, readStored, rowsOf } from './rows.ts';

/** What a window holds: the ids of its chunks in order, their digest (none when it is empty), and where it goes on when it fails. */
export interface Held {
  chunks: string[];
  digest?: Digest;
  fallback?: Fallback;
  /** Present when somebody may acknowledge any of it. */
  ack?: Delivery['ack'];
  /** When nothing of it may be told; absent when any of it may always. */
  quiet?: Quiet;
}

/** Chunks that are merged at a time, so that a window of any size needs little memory. */
const MERGE_AT_ONCE = 100;

const windowQuery = (key: string, window: number) => ({
  table: 'holds' as const,
  pk: key,
  from: chunkKeyOf(window, ''),
  to: chunkKeyOf(window, '\uffff'),
});

/** Whether anything is in a window. */
export const holdsAnything = async (store: TableStore, at: { key: string; window: number }): Promise<boolean> =>
  (await store.range({ ...windowQuery(at.key, at.window), limit: 1 })).length > 0;

/** Where what is held goes on, and how severe the worst of it is. */
interface Gravest {
  fallback: Fallback;
  rank: number;
}

/** Of what may go on to another channel the most severe decides where; of equals the first. */
const graverOf = (known: Gravest | undefined, digest: Digest, fallback: Fallback | undefined): Gravest | undefined => {
  const rank = rankOf(worstLevel(digest));
  return fallback === undefined || (known !== undefined && known.rank <= rank) ? known : { fallback, rank };
};

/** What was told together does not say of each part why it comes. */
const bothAcks = (known: Held['ack'], ack: Held['ack'], alone: boolean): Held['ack'] =>
  alone || (known ?? ack) === undefined ? ack : {};

/** Everything that a window holds, or of it only the chunks that `told` names. */
export const readHeld = async (
  store: TableStore,
  at: { key: string; window: number },
  told?: ReadonlySet<string>,
): Promise<Held> => {
  const chunks: string[] = [];
  let digests: Digest[] = [];
  const quiets: (Quiet | undefined)[] = [];
  let gravest: Gravest | undefined;
  let ack: Held['ack'];
  for await (const row of rowsOf(store, windowQuery(at.key, at.window))) {
    const chunk = chunkOf(row.sk);
    if (told !== undefined && !told.has(chunk)) continue;
    chunks.push(chunk);
    const held = decode(chunkSchema, row);
    const one = digestOfChunk(held);
    gravest = graverOf(gravest, one, held.fallback);
    ack = bothAcks(ack, held.ack, chunks.length === 1);
    if (quiets.at(-1) !== undefined || quiets.length === 0) quiets.push(held.quiet);
    digests.push(one);
    if (digests.length === MERGE_AT_ONCE) digests = [mergeDigests(digests)];
  }
  const digest = digests.length === 0 ? undefined : mergeDigests(digests);
  return { chunks, digest, fallback: gravest?.fallback, quiet: quietOfAll(quiets), ack };
};

/** The deliveries that a closed window of a waiting room told, each with what it had to tell. */
export async function* waitingIn(
  store: TableStore,
  at: { key: string; window: number },
): AsyncGenerator<{ id: string; digest: Digest }> {
  const record = await readStored(store, windowRecordSchema, windowRowKey(at.key, at.window));
  const told = new Set(record?.value.chunks ?? []);
  for await (const row of rowsOf(store, windowQuery(at.key, at.window))) {
    if (!told.has(chunkOf(row.sk))) continue;
    const { waiting: id, digest } = decode(chunkSchema, row);
    if (id !== undefined && digest !== undefined) yield { id, digest };
  }
}
