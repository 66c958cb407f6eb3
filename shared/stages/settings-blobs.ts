import { createHash } from 'node:crypto';
import type { RowKey, TableStore, WriteOp, WriteResult } from '../ports/table-store.ts';
import { rowsOf } from './rows.ts';

/** A character becomes at most three bytes of a row, so that a row stays below 256 KB. */
const PART_CHARS = 64 * 1_024;
/** Tablestore takes 200 rows and 4 MB in one call: help.aliyun.com/zh/tablestore/developer-reference/batchwriterow */
const ROWS_PER_WRITE = 100;
const CHARS_PER_WRITE = 512 * 1_024;
/** Tablestore gives at most 100 rows for one call: help.aliyun.com/zh/tablestore/developer-reference/batchgetrow */
const ROWS_PER_READ = 100;
const CALLS_AT_ONCE = 8;
/** From so many rows on, and when they are so large a share of all, reading the partition costs fewer calls. */
const MIN_ROWS_FOR_RANGE = 1_000;
const MIN_SHARE_FOR_RANGE = 0.1;

const REF = /^(\d+)\.[\w-]+\.([\w-]{22})(?:\+(\d+))?$/;

/** The stored settings cannot be read: a row is missing or is not what was written. */
export class SettingsCorruptError extends Error {
  readonly code = 'settings-corrupt';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SettingsCorruptError';
  }
}

/** A text under a name that says who wrote it and what it must be: `<turn>.<writer>.<digest>`, `+<parts>` when it needs several rows. */
export interface Blob {
  pk: string;
  ref: string;
  text: string;
}

/** Where a blob is. */
export type BlobKey = Pick<Blob, 'pk' | 'ref'>;

/** Digest by which damage is noticed. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** The blob of a text that this writer writes. */
export const blobOf = (writer: string, pk: string, text: string): Blob => {
  const parts = Math.ceil(text.length / PART_CHARS);
  return { pk, text, ref: `${writer}.${digestOf(text)}${parts > 1 ? `+${parts}` : ''}` };
};

/** In which turn the name of a row was given; undefined for one that no writer of this form gave. */
export const turnOf = (ref: string): number | undefined => {
  const turn = /^(\d+)\./.exec(ref)?.[1];
  return turn === undefined ? undefined : Number(turn);
};

const partsOf = (ref: string): number => Number(REF.exec(ref)?.[3] ?? 1);

const partKey = (ref: string, at: number): string => (at === 0 ? ref : `${ref}/${String(at).padStart(5, '0')}`);

const sortKeysOf = (ref: string): string[] => Array.from({ length: partsOf(ref) }, (_, at) => partKey(ref, at));

/** The blob that a row is part of. */
export const refOfSortKey = (sk: string): string => sk.split('/', 1)[0] ?? sk;

const isSplit = (text: string): boolean => text.length > PART_CHARS;

const bodyAt = (text: string, at: number): string =>
  isSplit(text) ? JSON.stringify(text.slice(at * PART_CHARS, (at + 1) * PART_CHARS)) : text;

/** The writes of a blob. */
export const putBlob = ({ pk, ref, text }: Blob): WriteOp[] =>
  sortKeysOf(ref).map((sk, at) => ({ kind: 'put', table: 'settings', pk, sk, body: bodyAt(text, at), when: 'any' }));

/** The deletes of a blob. */
export const deleteBlob = ({ pk, ref }: BlobKey): WriteOp[] =>
  sortKeysOf(ref).map((sk) => ({ kind: 'delete', table: 'settings', pk, sk, when: 'any' }));

const sizeOf = (op: WriteOp): number => (op.kind === 'put' ? op.body.length : 0);

const inSlices = (ops: readonly WriteOp[]): WriteOp[][] => {
  const slices: WriteOp[][] = [];
  let chars = 0;
  for (const op of ops) {
    const last = slices.at(-1);
    chars += sizeOf(op);
    if (last !== undefined && last.length < ROWS_PER_WRITE && chars <= CHARS_PER_WRITE) last.push(op);
    else {
      slices.push([op]);
      chars = sizeOf(op);
    }
  }
  return slices;
};

/** Does some work for each of many, a few at once. */
const fewAtOnce = async <In, Out>(inputs: readonly In[], work: (input: In) => Promise<Out>): Promise<Out[]> => {
  const outputs: Out[] = [];
  for (let at = 0; at < inputs.length; at += CALLS_AT_ONCE)
    outputs.push(...(await Promise.all(inputs.slice(at, at + CALLS_AT_ONCE).map(work))));
  return outputs;
};

/** Writes rows that nobody reads yet, or any more, in calls of a size that every store takes. */
export const writeInSlices = async (store: TableStore, ops: readonly WriteOp[]): Promise<WriteResult[]> =>
  (await fewAtOnce(inSlices(ops), (slice) => store.write(slice))).flat();

const bodiesByKey = async (store: TableStore, pk: string, sks: readonly string[]): Promise<Map<string, string>> => {
  const slices = Array.from({ length: Math.ceil(sks.length / ROWS_PER_READ) }, (_, at) =>
    sks.slice(at * ROWS_PER_READ, (at + 1) * ROWS_PER_READ).map((sk): RowKey => ({ table: 'settings', pk, sk })),
  );
  const rows = (await fewAtOnce(slices, (keys) => store.getMany(keys))).flat();
  return new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.sk, row.body]])));
};

const bodiesByRange = async (store: TableStore, pk: string): Promise<Map<string, string>> => {
  const bodies = new Map<string, string>();
  for await (const { sk, body } of rowsOf(store, { table: 'settings', pk, from: '', to: '\u{10ffff}' }))
    bodies.set(sk, body);
  return bodies;
};

const chunkOf = (body: string): string => {
  const chunk: unknown = JSON.parse(body);
  if (typeof chunk !== 'string')
    throw new SettingsCorruptError('a part of the stored settings is not what was written');
  return chunk;
};

const textOf = (ref: string, bodies: ReadonlyMap<string, string>): string => {
  const parts = sortKeysOf(ref).map((sk) => {
    const body = bodies.get(sk);
    if (body === undefined) throw new SettingsCorruptError('a part of the stored settings is missing');
    return body;
  });
  const text = parts.length === 1 ? (parts[0] ?? '') : parts.map(chunkOf).join('');
  if (digestOf(text) !== REF.exec(ref)?.[2])
    throw new SettingsCorruptError('the stored settings are not what was written');
  return text;
};

/**
 * The texts of blobs of one partition, in the order asked; `total` is how many are in it, to choose the cheaper way to read. Throws
 * {@link SettingsCorruptError}.
 */
export const readBlobs = async (
  store: TableStore,
  pk: string,
  { refs, total }: { refs: readonly string[]; total: number },
): Promise<string[]> => {
  const isLarge = refs.length >= MIN_ROWS_FOR_RANGE && refs.length >= total * MIN_SHARE_FOR_RANGE;
  const bodies = isLarge ? await bodiesByRange(store, pk) : await bodiesByKey(store, pk, refs.flatMap(sortKeysOf));
  return refs.map((ref) => textOf(ref, bodies));
};
