import type { Event } from './event.ts';
import type { FoldText } from './event-pattern-operators.ts';
import { isRecord } from './is-record.ts';
import { levelOfWord } from './level.ts';
import { productOf } from './product.ts';

/** What the index can find a pattern's subscription by. */
export type KeyKind = 'products' | 'types' | 'names' | 'resources' | 'accounts';

/** One field at the top of a pattern. */
export interface PatternField {
  read(event: Event): unknown;
  /** Whether it holds fields of its own; undefined: it is one value. */
  holds?: 'known' | 'anything';
  /** Puts exact words into the form that the event has. */
  fold: FoldText;
  /** What is wrong with an exact word; undefined: nothing. */
  refuses?(word: string): string | undefined;
  /** What exact words of the field narrow, each in the index's form. */
  key?: { kind: KeyKind; wordOf: FoldText };
}

const asItIs: FoldText = (text) => text;

const plain = (read: PatternField['read'], kind?: KeyKind): PatternField => ({
  read,
  fold: asItIs,
  ...(kind === undefined ? {} : { key: { kind, wordOf: asItIs } }),
});

/** What the vendor did not say is missing under the vendor's own names; in the normalised event it is an empty text. */
const saidOrMissing = (text: string): string | undefined => (text === '' ? undefined : text);

const TRAIL_TYPES: ReadonlySet<string> = new Set(['ApiCall', 'ConsoleOperation', 'AliyunServiceEvent']);

/** The CloudEvents type of EventBridge for what an event says: `<product>:<name>`, or with the channel ActionTrail or CloudMonitor between. */
const cloudTypeOf = ({ product, type, name }: Event): string => {
  if (TRAIL_TYPES.has(type)) return `${product}:ActionTrail:${type}`;
  return type === 'CloudMonitor' ? `${product}:CloudMonitor:${name}` : `${product}:${name}`;
};

const foldCloudType: FoldText = (text) => {
  const [service = '', ...rest] = text.split(':');
  return [productOf(service), ...rest].join(':');
};

const CLOUD_SOURCE: PatternField = {
  read: ({ product }) => `acs.${product}`,
  fold: (text) => `acs.${productOf(text)}`,
  key: { kind: 'products', wordOf: productOf },
};

const CLOUD_TYPE: PatternField = {
  read: cloudTypeOf,
  fold: foldCloudType,
  key: { kind: 'products', wordOf: (text) => productOf(text.split(':')[0] ?? '') },
};

/** Fields of the normalised event, then names of CloudEvents attributes that mean one of them. */
const FIELDS: Readonly<Record<string, PatternField>> = {
  id: plain(({ id }) => id),
  source: plain(({ source }) => source),
  product: { ...plain(({ product }) => product), fold: productOf, key: { kind: 'products', wordOf: productOf } },
  type: plain(({ type }) => type, 'types'),
  name: plain(({ name }) => name, 'names'),
  status: plain(({ status }) => status),
  level: {
    ...plain(({ level }) => level),
    fold: (word) => levelOfWord(word) ?? word,
    refuses: (word) => (levelOfWord(word) === undefined ? 'is not a known level word' : undefined),
  },
  vendorLevel: plain(({ vendorLevel }) => vendorLevel),
  region: plain(({ region }) => region),
  account: plain(({ account }) => account, 'accounts'),
  occurredAtMs: plain(({ occurredAtMs }) => occurredAtMs),
  receivedAtMs: plain(({ receivedAtMs }) => receivedAtMs),
  resource: { ...plain(({ resource }) => resource), holds: 'known' },
  content: { ...plain(({ content }) => content), holds: 'anything' },
  subject: plain(({ resource }) => saidOrMissing(resource.arn), 'resources'),
  data: { ...plain(({ content }) => content), holds: 'anything' },
  aliyunaccountid: plain(({ account }) => saidOrMissing(account), 'accounts'),
  aliyunoriginalaccountid: plain(({ account }) => saidOrMissing(account), 'accounts'),
  aliyunregionid: plain(({ region }) => saidOrMissing(region)),
};

/** Attributes of a CloudEvent that the normalised event does not keep. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'specversion',
  'time',
  'datacontenttype',
  'dataschema',
  'aliyunpublishtime',
  'aliyunpublishaddr',
  'aliyuneventbusname',
]);

/** Names of the fields that a pattern may name. */
export const patternFieldNames = (): string[] => Object.keys(FIELDS);

/** Names of the fields of a resource. */
export const RESOURCE_FIELDS = ['id', 'type', 'name', 'arn'] as const;

/** Whether the vendor has an attribute of that name which events here do not keep. */
export const isNotKept = (name: string): boolean => NOT_KEPT.has(name);

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
};

/**
 * The field of that name; undefined when there is none. `source` and `type` exist in both vocabularies: they are the CloudEvents
 * attributes when an expression has the form of one (`acs.ecs`, `ecs:Instance:StateChange`), else those of the normalised event.
 */
export const patternFieldOf = (name: string, expressions: unknown): PatternField | undefined => {
  if (name === 'source' && textsIn(expressions).some((text) => /^acs[.:]/.test(text))) return CLOUD_SOURCE;
  if (name === 'type' && textsIn(expressions).some((text) => text.includes(':'))) return CLOUD_TYPE;
  return Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
};
