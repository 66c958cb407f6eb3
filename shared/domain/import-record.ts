import { isRecord } from './is-record.ts';

const foldKey = (key: string): string => key.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();

const isNumbered = (keys: readonly string[]): boolean => keys.length > 0 && keys.every((key) => /^\d+$/.test(key));

const listed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(listed);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, listed(item)]);
  if (!isNumbered(entries.map(([key]) => key))) return Object.fromEntries(entries);
  return entries.sort(([one], [other]) => Number(one) - Number(other)).map(([, item]) => item);
};

type Tree = Map<string, unknown>;

const put = (tree: Tree, steps: readonly string[], value: unknown): void => {
  const [step = '', ...rest] = steps;
  if (rest.length === 0) {
    tree.set(step, value);
    return;
  }
  const known = tree.get(step);
  const branch: Tree = known instanceof Map ? known : new Map<string, unknown>();
  tree.set(step, branch);
  put(branch, rest, value);
};

const plain = (value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries([...value].map(([key, item]) => [key, plain(item)])) : value;

/** Deeper than that no object of the vendor goes; what does is left out before anything walks into it. */
const MAX_DEPTH = 16;

const stepsOf = (key: string): string[] => {
  const steps = key.split('.');
  return steps.length > MAX_DEPTH ? [key] : steps;
};

/**
 * The parameters of an RPC call as an object: `EventPattern.1.Product` stands in a list of objects. What has no dotted key is given
 * back as it is, down to a depth of {@link MAX_DEPTH}.
 */
export const unflattened = (value: unknown, depth = 0): unknown => {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((item) => unflattened(item, depth + 1));
  if (!isRecord(value)) return value;
  const tree: Tree = new Map();
  for (const [key, item] of Object.entries(value)) put(tree, stepsOf(key), unflattened(item, depth + 1));
  return listed(plain(tree));
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const itemsOfText = (text: string): readonly unknown[] => {
  const read = /^\s*\[/.test(text) ? parsed(text) : undefined;
  return Array.isArray(read) ? read : text.split(',').map((word) => word.trim());
};

/** The list inside a wrapper such as `{"ContactName": [...]}`; any other object is a list of itself. */
const itemsOfRecord = (record: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const [only, ...others] = Object.values(record);
  return others.length === 0 && Array.isArray(only) ? only : [record];
};

/** A list as the vendor writes it: an array, the same as JSON text, one inside a wrapper, words with commas, or a single value. */
const itemsOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return itemsOfText(value);
  return isRecord(value) ? itemsOfRecord(value) : [value];
};

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

/**
 * One object of a vendor's file. Members are found in any of the vendor's spellings (`RuleName`, `ruleName`, `rule_name`), and it is
 * known which of them nobody has asked for, so that nothing is left out in silence.
 */
export class VendorRecord {
  /** Where it stands in the file. */
  readonly path: string;
  readonly #keys = new Map<string, string>();
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  constructor(value: Readonly<Record<string, unknown>>, path: string) {
    this.path = path;
    this.#value = value;
    for (const key of Object.keys(value)) this.#keys.set(foldKey(key), key);
  }

  /** Whether it has every one of these members. */
  has(...names: readonly string[]): boolean {
    return names.every((name) => this.#keys.has(foldKey(name)));
  }

  /** Where a member stands, as the file spells it. */
  at(name: string): string {
    const key = this.#keys.get(foldKey(name)) ?? name;
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  /** The first of these members that says something. */
  text(...names: readonly string[]): string | undefined {
    return names.map((name) => textOf(this.#ask(name))).find((text) => text !== undefined);
  }

  /** A member as a number; undefined when it is none. */
  number(name: string): number | undefined {
    const number = Number(this.text(name));
    return Number.isFinite(number) && this.text(name) !== undefined ? number : undefined;
  }

  /** A member as words, however the vendor writes the list. */
  words(...names: readonly string[]): string[] {
    return names.flatMap((name) => itemsOf(this.#ask(name)).flatMap((item) => textOf(item) ?? []));
  }

  /** A member as objects, however the vendor writes the list. */
  records(name: string): VendorRecord[] {
    return itemsOf(this.#ask(name)).flatMap((item, at) =>
      isRecord(item) ? [new VendorRecord(item, `${this.at(name)}[${at}]`)] : [],
    );
  }

  /** A member that is one object. */
  record(name: string): VendorRecord | undefined {
    const value = this.#ask(name);
    const read = typeof value === 'string' ? parsed(value) : value;
    return isRecord(read) ? new VendorRecord(read, this.at(name)) : undefined;
  }

  /** Says that these members need no counterpart: numbers of the vendor's own, times, notes. */
  skip(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(foldKey(name));
  }

  /** Paths of members that say something and that nobody has asked for. */
  left(): string[] {
    return [...this.#keys]
      .filter(([folded, key]) => !this.#asked.has(folded) && itemsOf(this.#value[key]).length > 0)
      .map(([, key]) => this.at(key));
  }

  #ask(name: string): unknown {
    const folded = foldKey(name);
    this.#asked.add(folded);
    const key = this.#keys.get(folded);
    return key === undefined ? undefined : this.#value[key];
  }
}
