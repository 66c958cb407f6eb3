import { isRecord } from './is-record.ts';
import { redactUrl } from './redact.ts';

const MIN_CHARS_FOR_A_HINT = 8;

/** `***` and the last two characters; a secret that is too short for that shows nothing of itself. */
const maskSecret = (secret: string): string =>
  secret.length < MIN_CHARS_FOR_A_HINT ? '***' : `***${secret.slice(-2)}`;

/** Scheme and host of a URL, then `…` and its last four characters; what stands between them never shows. */
const maskUrl = (address: string): string => {
  if (!URL.canParse(address)) return maskSecret(address);
  const { host } = new URL(address);
  const rest = address.slice(address.indexOf(host) + host.length);
  return `${redactUrl(address)}${rest.length < MIN_CHARS_FOR_A_HINT ? '' : rest.slice(-4)}`;
};

/** Where secrets are in a value of the settings. Objects of a `list` are told apart by `id`, those of a `pool` by nothing. */
export type SecretShape =
  | { kind: 'secret'; mask(value: string): string }
  | { kind: 'object'; fields: readonly (readonly [string, SecretShape])[] }
  | { kind: 'list'; id: string; item: SecretShape }
  | { kind: 'pool'; item: SecretShape }
  | { kind: 'values'; value: SecretShape };

const objectOf = (fields: Readonly<Record<string, SecretShape>>): SecretShape => ({
  kind: 'object',
  fields: Object.entries(fields),
});

const listOf = (id: string, item: SecretShape): SecretShape => ({ kind: 'list', id, item });

const URL_TEXT: SecretShape = { kind: 'secret', mask: maskUrl };
const TEXT: SecretShape = { kind: 'secret', mask: maskSecret };

/** What a robot or webhook may hold, wherever one stands. */
const ROBOT = objectOf({
  url: URL_TEXT,
  secret: TEXT,
  previousSecret: TEXT,
  headers: { kind: 'values', value: TEXT },
  pool: { kind: 'pool', item: objectOf({ url: URL_TEXT, secret: TEXT }) },
});

/** Every place of the settings that holds a secret; the only list, for storing, for showing and for taking back what was shown. */
export const SECRET_PLACES = objectOf({
  contacts: listOf('name', objectOf({ webhook: ROBOT })),
  chatbots: listOf('name', ROBOT),
  messageCenter: objectOf({ robots: listOf('id', ROBOT) }),
  resourceInstances: listOf('assetname', objectOf({ emailPassword: TEXT })),
});

/** One secret that a walk came to. */
export interface SecretAt {
  value: string;
  /** What stands at the same place of the other file, when there is one. */
  stored: string | undefined;
  /** With positions in lists, to tell people. */
  path: readonly PropertyKey[];
  /** With names in lists, so that it stays the same when a list is put in another order. */
  place: readonly PropertyKey[];
  mask(value: string): string;
}

/** Where a walk is: the value, and what it is compared with. */
export interface SecretNode {
  value: unknown;
  other: unknown;
  path: readonly PropertyKey[];
  place: readonly PropertyKey[];
}

/** What a walk does. */
export interface SecretWalk {
  /** Gives what shall stand in the place of a secret. */
  visit(at: SecretAt): string;
  /** For each item of a pool, the one of the other file that it is. */
  pair(shape: SecretShape, items: readonly unknown[], others: readonly unknown[]): readonly unknown[];
}

const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const fieldOf = (value: unknown, key: string): unknown =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;

const below = ({ path, place }: SecretNode, step: PropertyKey, name = step) => ({
  path: [...path, step],
  place: [...place, name],
});

const walkFields = (walk: SecretWalk, node: SecretNode, fields: readonly (readonly [string, SecretShape])[]) => {
  if (!isRecord(node.value)) return node.value;
  const entries = Object.entries(node.value);
  const shapes = new Map(fields);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const shape = shapes.get(key);
      const inner = { value, other: fieldOf(node.other, key), ...below(node, key) };
      return [key, shape === undefined ? value : walkSecrets(shape, inner, walk)];
    }),
  );
};

const nameOf = (item: unknown, id: string): string => String(fieldOf(item, id) ?? '');

const walkList = (walk: SecretWalk, node: SecretNode, { id, item }: { id: string; item: SecretShape }) => {
  const others = new Map(itemsOf(node.other).map((other) => [nameOf(other, id), other]));
  return itemsOf(node.value).map((value, at) => {
    const name = nameOf(value, id);
    return walkSecrets(item, { value, other: others.get(name), ...below(node, at, name) }, walk);
  });
};

const walkPool = (walk: SecretWalk, node: SecretNode, item: SecretShape) => {
  const items = itemsOf(node.value);
  const others = walk.pair(item, items, itemsOf(node.other));
  return items.map((value, at) => walkSecrets(item, { value, other: others[at], ...below(node, at) }, walk));
};

const walkText = (walk: SecretWalk, { value, other, path, place }: SecretNode, mask: SecretAt['mask']) => {
  if (typeof value !== 'string') return value;
  return walk.visit({ value, stored: typeof other === 'string' ? other : undefined, path, place, mask });
};

/** The same value with every secret replaced by what the walk gives for it; what does not have the shape stays as it is. */
export const walkSecrets = (shape: SecretShape, node: SecretNode, walk: SecretWalk): unknown => {
  if (shape.kind === 'secret') return walkText(walk, node, shape.mask);
  if (shape.kind === 'object') return walkFields(walk, node, shape.fields);
  if (shape.kind === 'values')
    return walkFields(walk, node, isRecord(node.value) ? Object.keys(node.value).map((key) => [key, shape.value]) : []);
  if (!Array.isArray(node.value)) return node.value;
  return shape.kind === 'list' ? walkList(walk, node, shape) : walkPool(walk, node, shape.item);
};
