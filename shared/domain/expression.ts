import { isRecord } from './is-record.ts';

/** What `${...}` may see: the name of a node, or `event`, and its output. */
export type ExpressionScope = ReadonlyMap<string, unknown>;

/** One `${...}` of a text. */
export interface Reference {
  /** As it is written, with `${` and `}`. */
  written: string;
  /** The node, or `event`; undefined when what stands inside is no path. */
  node?: string;
  path: readonly string[];
}

const WRITTEN = /\$\{([^{}]*)\}/g;
const NAME = /^[\p{L}\p{N}_-]+$/u;
const STEP = /\.([\p{L}\p{N}_$-]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/uy;

const stepsOf = (text: string): string[] | undefined => {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(text);
    if (found === null) return undefined;
    steps.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
    at = STEP.lastIndex;
  }
  return steps;
};

const referenceOf = (written: string, inside: string): Reference => {
  const text = inside.trim();
  const end = text.search(/[.[]/);
  const node = end === -1 ? text : text.slice(0, end);
  const path = stepsOf(end === -1 ? '' : text.slice(end));
  return path === undefined || !NAME.test(node) ? { written, path: [] } : { written, node, path };
};

/** Every `${...}` in a text, in order. */
export const referencesIn = (text: string): Reference[] =>
  [...text.matchAll(WRITTEN)].map(([written, inside = '']) => referenceOf(written, inside));

/** Every `${...}` at any depth of a value. */
export const referencesOf = (value: unknown): Reference[] => {
  if (typeof value === 'string') return referencesIn(value);
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  return isRecord(value) ? Object.values(value).flatMap(referencesOf) : [];
};

/** What an expression comes to. */
export type Evaluated = { kind: 'value'; value: unknown } | { kind: 'missing' };

const MISSING: Evaluated = { kind: 'missing' };

const found = (value: unknown): Evaluated => ({ kind: 'value', value });

/** Of a list a number takes one item, any other step the same field of every item that has it. */
const stepIntoList = (list: readonly unknown[], key: string): Evaluated => {
  if (/^\d+$/.test(key)) return Number(key) < list.length ? found(list[Number(key)]) : MISSING;
  const values = list.map((item) => step(item, key)).flatMap((one) => (one.kind === 'value' ? [one.value] : []));
  return values.length === 0 && list.length > 0 ? MISSING : found(values);
};

const step = (value: unknown, key: string): Evaluated => {
  if (Array.isArray(value)) return stepIntoList(value, key);
  return isRecord(value) && Object.hasOwn(value, key) ? found(value[key]) : MISSING;
};

/** The value of a reference; missing when the scope has no such node or the output no such field. */
export const evaluate = ({ node, path }: Reference, scope: ExpressionScope): Evaluated => {
  if (node === undefined || !scope.has(node)) return MISSING;
  let at = found(scope.get(node));
  for (const key of path) at = at.kind === 'value' ? step(at.value, key) : at;
  return at;
};
