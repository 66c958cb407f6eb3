const KEY_INTS = 3;
const POSTING_INTS = 4;
const FIRST_LENGTH = 16;
const EMPTY = 0;

/** The number that stands for any product, type or detail. */
export const ANY = 0;

/** A growing list of small integers, four bytes each. */
export class IntList {
  items = new Int32Array(FIRST_LENGTH);
  length = 0;

  /** The list as it is, without room to grow. */
  packed(): Int32Array {
    return this.items.slice(0, this.length);
  }

  push(item: number): void {
    if (this.length === this.items.length) {
      const larger = new Int32Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length] = item;
    this.length += 1;
  }
}

const hashOf = (product: number, type: number, detail: number): number => {
  const mixed =
    Math.imul(product + 1, 0x9e3779b1) ^ Math.imul(type + 1, 0x85ebca6b) ^ Math.imul(detail + 1, 0xc2b2ae35);
  const spread = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return spread ^ (spread >>> 13);
};

/** Numbers keys of three integers from 0 on, in the order of their first appearance: open addressing, at most half full. */
class KeyTable {
  readonly slots: Int32Array;
  readonly keys: Int32Array;
  count = 0;
  constructor(maxKeys: number) {
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(4, maxKeys * 2))));
    this.keys = new Int32Array(maxKeys * KEY_INTS);
  }

  #slotOf(product: number, type: number, detail: number): number {
    const { slots, keys } = this;
    const mask = slots.length - 1;
    let slot = hashOf(product, type, detail) & mask;
    for (;;) {
      const number = slots[slot];
      if (number === undefined || number === EMPTY) return slot;
      const at = (number - 1) * KEY_INTS;
      if (keys[at] === product && keys[at + 1] === type && keys[at + 2] === detail) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** The number of the key, -1 when it was never added. */
  find(product: number, type: number, detail: number): number {
    return (this.slots[this.#slotOf(product, type, detail)] ?? EMPTY) - 1;
  }

  add(product: number, type: number, detail: number): number {
    const slot = this.#slotOf(product, type, detail);
    const known = this.slots[slot] ?? EMPTY;
    if (known !== EMPTY) return known - 1;
    this.keys.set([product, type, detail], this.count * KEY_INTS);
    this.count += 1;
    this.slots[slot] = this.count;
    return this.count - 1;
  }
}

const numberBuckets = ({ items, length }: IntList): { bucketOf: Int32Array; table: KeyTable } => {
  const bucketOf = new Int32Array(length / POSTING_INTS);
  const all = new KeyTable(bucketOf.length);
  for (let at = 0; at < length; at += POSTING_INTS)
    bucketOf[at / POSTING_INTS] = all.add(items[at] ?? 0, items[at + 1] ?? 0, items[at + 2] ?? 0);
  const table = new KeyTable(all.count);
  for (let at = 0; at < all.count * KEY_INTS; at += KEY_INTS)
    table.add(all.keys[at] ?? 0, all.keys[at + 1] ?? 0, all.keys[at + 2] ?? 0);
  return { bucketOf, table };
};

const startsOf = (bucketOf: Int32Array, count: number): Int32Array => {
  const starts = new Int32Array(count + 1);
  for (const bucket of bucketOf) starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
  for (let bucket = 0; bucket < count; bucket += 1)
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
  return starts;
};

/** Rules in buckets of (product, type, detail), where 0 stands for any product, type or detail; packed into plain integers. */
export class Buckets {
  readonly #table: KeyTable;
  readonly #starts: Int32Array;
  readonly #rules: Int32Array;
  /** Bit 1 << (1 when the product is any + 2 when the type is any) for each form of key that exists, to skip what cannot be found. */
  #forms = 0;

  /** From postings of four integers each: product, type, detail, rule. */
  constructor(postings: IntList) {
    const { bucketOf, table } = numberBuckets(postings);
    this.#table = table;
    this.#starts = startsOf(bucketOf, table.count);
    this.#rules = new Int32Array(bucketOf.length);
    const filled = this.#starts.slice();
    for (const [posting, bucket] of bucketOf.entries()) {
      const at = filled[bucket] ?? 0;
      this.#rules[at] = postings.items[posting * POSTING_INTS + KEY_INTS] ?? 0;
      filled[bucket] = at + 1;
    }
    for (let at = 0; at < table.keys.length; at += KEY_INTS)
      this.#forms |= 1 << ((table.keys[at] === ANY ? 1 : 0) + (table.keys[at + 1] === ANY ? 2 : 0));
  }

  get bytes(): number {
    const { slots, keys } = this.#table;
    return slots.byteLength + keys.byteLength + this.#starts.byteLength + this.#rules.byteLength;
  }

  get isEmpty(): boolean {
    return this.#forms === 0;
  }

  /** Adds the rules of every bucket that fits; a product or type below 0 is one that no rule names. */
  collect(key: { product: number; type: number }, detail: number, into: IntList): void {
    const { product, type } = key;
    if (this.#forms & 1 && product > ANY && type > ANY) this.#take(this.#table.find(product, type, detail), into);
    if (this.#forms & 2 && type > ANY) this.#take(this.#table.find(ANY, type, detail), into);
    if (this.#forms & 4 && product > ANY) this.#take(this.#table.find(product, ANY, detail), into);
    if (this.#forms & 8) this.#take(this.#table.find(ANY, ANY, detail), into);
  }

  #take(bucket: number, into: IntList): void {
    if (bucket < 0) return;
    const end = this.#starts[bucket + 1] ?? 0;
    for (let at = this.#starts[bucket] ?? 0; at < end; at += 1) into.push(this.#rules[at] ?? 0);
  }
}
