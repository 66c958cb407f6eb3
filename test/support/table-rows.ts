import type { Cell, CellValue } from './plain-buffer.ts';

/** A row with its two keys. */
export interface StoredRow {
  key: Cell[];
  cells: Map<string, CellValue>;
}

interface Entry extends StoredRow {
  bytes: readonly Buffer[];
}

/** Which rows: from `start` on, up to but without `end`; at most `limit`. */
interface RowRange {
  start: readonly Cell[];
  end: readonly Cell[];
  isBackward: boolean;
  limit: number;
}

const bound = (value: CellValue | undefined): number => {
  if (typeof value !== 'object' || Buffer.isBuffer(value)) return 0;
  return value.inf === 'min' ? -1 : 1;
};

const bytesOf = (key: readonly Cell[]): Buffer[] => key.map(({ value }) => Buffer.from(String(value)));

const compare = (entry: Entry, key: readonly Cell[], bytes: readonly Buffer[]): number => {
  for (const [at, own] of entry.bytes.entries()) {
    const limit = bound(key[at]?.value);
    const order = limit === 0 ? Buffer.compare(own, bytes[at]!) : -limit;
    if (order !== 0) return order;
  }
  return 0;
};

/** The rows of one table in order of their keys. */
export class TableRows {
  readonly #byId = new Map<string, Entry>();
  readonly #sorted: Entry[] = [];

  static idOf(key: readonly Cell[]): string {
    return JSON.stringify(key.map(({ value }) => value));
  }

  get(key: readonly Cell[]): StoredRow | undefined {
    return this.#byId.get(TableRows.idOf(key));
  }

  set({ key, cells }: StoredRow): void {
    const id = TableRows.idOf(key);
    const known = this.#byId.get(id);
    if (known !== undefined) {
      known.cells = cells;
      return;
    }
    const entry = { key, cells, bytes: bytesOf(key) };
    this.#byId.set(id, entry);
    this.#sorted.splice(this.#firstFrom(key), 0, entry);
  }

  delete(key: readonly Cell[]): void {
    if (this.#byId.delete(TableRows.idOf(key))) this.#sorted.splice(this.#firstFrom(key), 1);
  }

  /** Undefined when the range is turned round. */
  range({ start, end, isBackward, limit }: RowRange): StoredRow[] | undefined {
    if (!isBackward) {
      const [from, to] = [this.#firstFrom(start), this.#firstFrom(end)];
      return this.#order(start, end) >= 0 ? undefined : this.#sorted.slice(from, Math.min(to, from + limit));
    }
    if (this.#order(start, end) <= 0) return undefined;
    const from = this.#firstAfter(end);
    const to = this.#firstAfter(start);
    return this.#sorted.slice(Math.max(from, to - limit), to).reverse();
  }

  #order(one: readonly Cell[], other: readonly Cell[]): number {
    for (const [at, cell] of one.entries()) {
      const [left, right] = [bound(cell.value), bound(other[at]?.value)];
      if (left !== right) return left - right;
      const order = left === 0 ? Buffer.compare(bytesOf([cell])[0]!, bytesOf([other[at]!])[0]!) : 0;
      if (order !== 0) return order;
    }
    return 0;
  }

  /** Place of the first row that is not below the key. */
  #firstFrom(key: readonly Cell[]): number {
    return this.#place(key, (order) => order < 0);
  }

  /** Place of the first row that is above the key. */
  #firstAfter(key: readonly Cell[]): number {
    return this.#place(key, (order) => order <= 0);
  }

  #place(key: readonly Cell[], isBelow: (order: number) => boolean): number {
    const bytes = bytesOf(key);
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBelow(compare(this.#sorted[middle]!, key, bytes))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
