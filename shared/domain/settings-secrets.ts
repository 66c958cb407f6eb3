import { isRecord } from './is-record.ts';
import { redactUrl } from './redact.ts';
import type { Settings, SettingsIssue } from './settings.ts';
import { pathText } from './settings-path.ts';

const MIN_CHARS_FOR_A_HINT = 8;
const MASKED_URL = /^[a-z]+:\/\/[^/]+\/…/i;

/** `***` and the last two characters; a secret that is too short for that shows nothing of itself. */
const maskSecret = (secret: string): string =>
  secret.length < MIN_CHARS_FOR_A_HINT ? '***' : `***${secret.slice(-2)}`;

/** Scheme and host of a URL, then `…` and its last four characters; what stands between them never shows. */
const maskUrl = (address: string): string => {
  const { host } = new URL(address);
  const rest = address.slice(address.indexOf(host) + host.length);
  return `${redactUrl(address)}${rest.length < MIN_CHARS_FOR_A_HINT ? '' : rest.slice(-4)}`;
};

interface SecretField {
  /** Keys from the object in the list to the field. */
  keys: readonly string[];
  mask(value: string): string;
}

interface SecretList {
  /** Keys from the file to the list. */
  keys: readonly string[];
  id: string;
  fields: readonly SecretField[];
}

/** Every place of the file that holds a secret; the only list, for showing and for taking back what was shown. */
const SECRETS: readonly SecretList[] = [
  {
    keys: ['contacts'],
    id: 'name',
    fields: [
      { keys: ['webhook', 'url'], mask: maskUrl },
      { keys: ['webhook', 'secret'], mask: maskSecret },
    ],
  },
  {
    keys: ['chatbots'],
    id: 'name',
    fields: [
      { keys: ['url'], mask: maskUrl },
      { keys: ['secret'], mask: maskSecret },
    ],
  },
  { keys: ['messageCenter', 'robots'], id: 'id', fields: [{ keys: ['url'], mask: maskUrl }] },
  { keys: ['resourceInstances'], id: 'assetname', fields: [{ keys: ['emailPassword'], mask: maskSecret }] },
];

type Change = (value: unknown) => unknown;

const change = (value: unknown, keys: readonly string[], by: Change): unknown => {
  const [key, ...rest] = keys;
  if (key === undefined) return by(value);
  if (!isRecord(value) || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: change(value[key], rest, by) };
};

const textAt = (value: unknown, keys: readonly string[]): string | undefined => {
  const at = keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
  return typeof at === 'string' ? at : undefined;
};

const changeItems = (value: unknown, list: SecretList, by: (item: unknown, at: number) => unknown): unknown =>
  change(value, list.keys, (items) => (Array.isArray(items) ? items.map(by) : items));

const maskItem = (item: unknown, list: SecretList): unknown =>
  list.fields.reduce(
    (masked, field) =>
      change(masked, field.keys, (secret) => (typeof secret === 'string' ? field.mask(secret) : secret)),
    item,
  );

/** Settings as they may be shown: webhook URLs, secrets and passwords masked. Of the same form as settings, to be edited and sent back. */
export const maskSettings = (settings: Settings): unknown =>
  SECRETS.reduce<unknown>((masked, list) => changeItems(masked, list, (item) => maskItem(item, list)), settings);

const isMask = (text: string): boolean => text.startsWith('***') || MASKED_URL.test(text);

const storedItems = (stored: Settings, list: SecretList): Map<string, unknown> => {
  const items = list.keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), stored);
  const known: [string, unknown][] = (Array.isArray(items) ? items : []).map((item) => [
    textAt(item, [list.id]) ?? '',
    item,
  ]);
  return new Map(known);
};

interface Restoring {
  list: SecretList;
  known: ReadonlyMap<string, unknown>;
  issues: SettingsIssue[];
}

const restoreItem = ({ list, known, issues }: Restoring, item: unknown, at: number): unknown => {
  const stored = known.get(textAt(item, [list.id]) ?? '');
  return list.fields.reduce((restored, field) => {
    const sent = textAt(restored, field.keys);
    if (sent === undefined || !isMask(sent)) return restored;
    const secret = textAt(stored, field.keys);
    if (secret !== undefined && field.mask(secret) === sent) return change(restored, field.keys, () => secret);
    const path = pathText([...list.keys, at, ...field.keys]);
    issues.push({
      path,
      message: 'is a masked value that belongs to no stored object of this name; send the real one',
    });
    return restored;
  }, item);
};

/**
 * A parsed file in which every masked value that was sent back unchanged is the stored one again, found by the name of its object.
 * A mask that belongs to nothing stored is an issue: it must never be stored as if it were real.
 */
export const restoreSecrets = (raw: unknown, stored: Settings): { value: unknown; issues: SettingsIssue[] } => {
  const issues: SettingsIssue[] = [];
  const value = SECRETS.reduce<unknown>((restored, list) => {
    const restoring = { list, known: storedItems(stored, list), issues };
    return changeItems(restored, list, (item, at) => restoreItem(restoring, item, at));
  }, raw);
  return { value, issues };
};
