import type {
  RangeQuery,
  Row,
  RowKey,
  ScanQuery,
  TableName,
  TableStore,
  WriteOp,
  WriteResult,
} from '../../ports/table-store.ts';
import { compareUtf8 } from '../local/memory-rows.ts';
import { assertStorable } from '../local/storable-text.ts';
import { type Pack, packFrom } from './pack.ts';
import { PackedWriter, type PackedWriterPorts } from './packed-writer.ts';

/** Which rows share a row of the store. */
export interface Packing {
  table: TableName;
  /**
   * The key of the pack that holds all rows of this partition, which is the beginning of the partition key: nothing else may sort between a
   * pack and its rows. Undefined for rows that stay by themselves.
   */
  packOf(pk: string): string | undefined;
  /** Whether this is the key of a pack; no row has such a key. */
  isPack(pk: string): boolean;
}

/** Packs that a scan reads at a time. */
const MAX_PACKS = 64;

/** Whether a row comes after a key in the order of the table, or before it when that is reversed. */
const isBehind = (row: Row, { pk, sk }: Pick<RowKey, 'pk' | 'sk'>, reverse: boolean): boolean => {
  const order = compareUtf8(row.pk, pk) || compareUtf8(row.sk, sk);
  return reverse ? order < 0 : order > 0;
};

/**
 * A table store in which many small rows of one table live in few: the rows that share a pack are one row of the store below, read and
 * written together. Each row keeps its own version and condition; the pack is changed by its version, so that several instances may write to it.
 * A write costs one row and no read as a rule: what was written a moment ago is still known.
 */
export class PackedRows implements TableStore {
  readonly #store: TableStore;
  readonly #packing: Packing;
  readonly #writer: PackedWriter;

  constructor(store: TableStore, packing: Packing, ports: PackedWriterPorts) {
    this.#store = store;
    this.#packing = packing;
    this.#writer = new PackedWriter(store, ports);
  }

  async get(key: RowKey): Promise<Row | undefined> {
    const [row] = await this.getMany([key]);
    return row;
  }

  async getMany(keys: readonly RowKey[]): Promise<(Row | undefined)[]> {
    const below = keys.map((key) => this.#keyBelow(key));
    const unique = new Map(below.map((key) => [JSON.stringify(key), key]));
    const rows = await this.#store.getMany([...unique.values()]);
    const found = new Map([...unique.keys()].map((text, at) => [text, rows[at]]));
    const packs = new Map<Row, Pack>();
    return keys.map((key, at) => {
      const row = found.get(JSON.stringify(below[at]));
      if (row === undefined || below[at] === key) return row;
      const pack = packs.get(row) ?? packFrom(row);
      packs.set(row, pack);
      return pack.get(key);
    });
  }

  async range(query: RangeQuery): Promise<Row[]> {
    const pack = this.#packOf(query);
    if (pack === undefined) return this.#store.range(query);
    const { pk, from = '', to, limit, reverse = false } = query;
    const rows = await this.#rowsOf(pack, reverse);
    const isAsked = ({ sk }: Row): boolean =>
      compareUtf8(sk, from) >= 0 && (to === undefined || compareUtf8(sk, to) <= 0);
    return rows.filter((row) => row.pk === pk && isAsked(row)).slice(0, Math.max(0, limit));
  }

  async scan(query: ScanQuery): Promise<Row[]> {
    const { table, after, limit, reverse = false } = query;
    if (table !== this.#packing.table) return this.#store.scan(query);
    const pack = after === undefined ? undefined : this.#packing.packOf(after.pk);
    if (after === undefined || pack === undefined) return this.#scanBelow(query);
    const rest = (await this.#rowsOf(pack, reverse)).filter((row) => isBehind(row, after, reverse));
    const more = await this.#scanBelow({ table, after: { pk: pack, sk: '' }, limit: limit - rest.length, reverse });
    return [...rest, ...more].slice(0, Math.max(0, limit));
  }

  async write(ops: readonly WriteOp[]): Promise<WriteResult[]> {
    assertStorable(ops);
    return this.#writer.write(ops.map((op) => ({ op, pack: this.#keyOfPack(op) })));
  }

  #packOf({ table, pk }: { table: TableName; pk: string }): string | undefined {
    return table === this.#packing.table ? this.#packing.packOf(pk) : undefined;
  }

  #keyOf(pack: string): RowKey {
    return { table: this.#packing.table, pk: pack, sk: '' };
  }

  #keyOfPack(key: RowKey): RowKey | undefined {
    const pack = this.#packOf(key);
    return pack === undefined ? undefined : this.#keyOf(pack);
  }

  /** Where a row lives in the store below. */
  #keyBelow(key: RowKey): RowKey {
    return this.#keyOfPack(key) ?? key;
  }

  #rowsIn(row: Row, reverse: boolean): Row[] {
    if (!this.#packing.isPack(row.pk)) return [row];
    const rows = packFrom(row).rows();
    return reverse ? rows.toReversed() : rows;
  }

  async #rowsOf(pack: string, reverse: boolean): Promise<Row[]> {
    const row = await this.#store.get(this.#keyOf(pack));
    return row === undefined ? [] : this.#rowsIn(row, reverse);
  }

  /** Like a scan of the store below, with the rows in place of their packs. */
  async #scanBelow({ limit, ...query }: ScanQuery): Promise<Row[]> {
    const rows: Row[] = [];
    let { after } = query;
    while (rows.length < limit) {
      const page = await this.#store.scan({ ...query, limit: MAX_PACKS, ...(after === undefined ? {} : { after }) });
      for (const row of page) rows.push(...this.#rowsIn(row, query.reverse === true));
      after = page.at(-1);
      if (page.length < MAX_PACKS) break;
    }
    return rows.slice(0, Math.max(0, limit));
  }
}
