import { contactGroupImporter, contactImporter } from './import-contact.ts';
import { eventRuleImporter, eventRuleTargetsImporter } from './import-event-rule.ts';
import { noticeImporter } from './import-notice.ts';
import type { ImportContext, ImportedSecret, Importer, ImportKind, ImportLoss, ImportPart } from './import-part.ts';
import { unflattened, VendorRecord } from './import-record.ts';
import { robotImporter } from './import-robot.ts';
import { escalationImporter, pushingTargetImporter, strategyImporter } from './import-strategy.ts';
import { subscriptionImporter } from './import-subscription.ts';
import { isRecord } from './is-record.ts';
import type { Settings } from './settings.ts';
import { canonicalJson } from './settings-json.ts';

const IMPORTERS: readonly Importer[] = [
  robotImporter,
  noticeImporter,
  eventRuleImporter,
  eventRuleTargetsImporter,
  contactImporter,
  contactGroupImporter,
  strategyImporter,
  escalationImporter,
  pushingTargetImporter,
  subscriptionImporter,
];

/** What the vendor's files became. */
export interface Imported {
  /** As a settings file would have it; secrets stand in it as `${env:NAME}`. */
  settings: Settings;
  /** How many objects of each kind were read. */
  counts: ReadonlyMap<ImportKind, number>;
  secrets: readonly ImportedSecret[];
  losses: readonly ImportLoss[];
}

/** Deeper than that no answer of the vendor nests its objects. */
const MAX_DEPTH = 6;

interface Found {
  record: VendorRecord;
  importer: Importer;
}

const inside = (value: Readonly<Record<string, unknown>>, path: string, depth: number): Found[] =>
  Object.entries(value).flatMap(([key, item]) => find(item, path === '' ? key : `${path}.${key}`, depth + 1));

/** Every object of a known kind, also inside of answers, lists and wrappers; an object that was known is not looked into. */
const find = (value: unknown, path: string, depth = 0): Found[] => {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item, at) => find(item, `${path}[${at}]`, depth + 1));
  if (!isRecord(value)) return [];
  const record = new VendorRecord(value, path);
  const importer = IMPORTERS.find((one) => one.fits(record));
  return importer === undefined ? inside(value, path, depth) : [{ record, importer }];
};

interface Named {
  name: string;
}

/** Each name once; what has the name of an earlier one and says something else is told. */
const byName = <T extends Named>(kind: string, items: readonly T[], losses: ImportLoss[]): T[] => {
  const known = new Map<string, T>();
  for (const item of items) {
    const earlier = known.get(item.name);
    if (earlier === undefined) known.set(item.name, item);
    else if (canonicalJson(earlier) !== canonicalJson(item))
      losses.push({ path: kind, kind: 'name-taken', detail: item.name });
  }
  return [...known.values()];
};

const LISTS = [
  'contacts',
  'contactGroups',
  'notificationPolicies',
  'subscriptions',
  'assetGroups',
  'chatbots',
] as const;

const listsOf = (parts: readonly ImportPart[], losses: ImportLoss[]): Settings => {
  const lists: Settings = {
    contacts: byName(
      'contacts',
      parts.flatMap((part) => part.contacts ?? []),
      losses,
    ),
    contactGroups: byName(
      'contactGroups',
      parts.flatMap((part) => part.contactGroups ?? []),
      losses,
    ),
    notificationPolicies: byName(
      'notificationPolicies',
      parts.flatMap((part) => part.notificationPolicies ?? []),
      losses,
    ),
    subscriptions: byName(
      'subscriptions',
      parts.flatMap((part) => part.subscriptions ?? []),
      losses,
    ),
    assetGroups: byName(
      'assetGroups',
      parts.flatMap((part) => part.assetGroups ?? []),
      losses,
    ),
    chatbots: byName(
      'chatbots',
      parts.flatMap((part) => part.chatbots ?? []),
      losses,
    ),
  };
  for (const key of LISTS) if (lists[key]?.length === 0) delete lists[key];
  return lists;
};

type Push = NonNullable<ImportPart['push']>;

const mergedPush = (parts: readonly ImportPart[]): Push => {
  const all: Record<string, object> = {};
  for (const { push = {} } of parts)
    for (const [item, said] of Object.entries(push)) all[item] = { ...all[item], ...said };
  return all;
};

const securityCenterOf = (parts: readonly ImportPart[]): Pick<Settings, 'securityCenter'> => {
  const notices = parts.flatMap((part) => part.notices ?? []);
  const push = mergedPush(parts);
  const isPushed = Object.keys(push).length > 0;
  if (notices.length === 0 && !isPushed) return {};
  return {
    securityCenter: {
      ...(notices.length === 0 ? {} : { notices }),
      ...(isPushed ? { cloudMonitorPush: push } : {}),
    },
  };
};

const settingsOf = (parts: readonly ImportPart[], losses: ImportLoss[]): Settings => {
  const overview = parts.find((part) => part.overview !== undefined)?.overview;
  return {
    version: 1,
    ...listsOf(parts, losses),
    ...securityCenterOf(parts),
    ...(overview === undefined ? {} : { overview }),
  };
};

/** Groups that the policies name and no file has: kept, so that nothing is silently told to nobody. */
const missingNames = ({ contacts = [], contactGroups = [], notificationPolicies = [] }: Settings): ImportLoss[] => {
  const known = new Set(contacts.map(({ name }) => name));
  const groups = new Set(contactGroups.map(({ name }) => name));
  const inGroups = contactGroups.flatMap((group, at) =>
    group.contacts.map((name) => ({ name, known, path: `contactGroups[${at}].contacts` })),
  );
  const inPolicies = notificationPolicies.flatMap((policy, at) =>
    [...policy.contactGroups, ...(policy.escalation ?? []).flatMap((step) => step.contactGroups)].map((name) => ({
      name,
      known: groups,
      path: `notificationPolicies[${at}]`,
    })),
  );
  return [...inGroups, ...inPolicies]
    .filter((reference) => !reference.known.has(reference.name))
    .map(({ name, path }) => ({ path, kind: 'name-missing', detail: name }));
};

const variableOf = (words: string): string =>
  words
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');

/** Secrets by the variable that stands for them; equal secrets share one. */
class SecretBook {
  readonly all: ImportedSecret[] = [];
  readonly #names = new Set<string>();

  keep(purpose: string, value: string, path: string): string {
    const known = this.all.find((secret) => secret.value === value);
    if (known !== undefined) return `\${env:${known.name}}`;
    const name = this.#free(variableOf(purpose));
    this.#names.add(name);
    this.all.push({ name, value, path });
    return `\${env:${name}}`;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#names.has(name); number += 1) name = `${wanted}_${number}`;
    return name;
  }
}

/** A file of the vendor: its name, and what it holds. */
export interface VendorFile {
  name: string;
  value: unknown;
}

/**
 * Makes settings of the vendor's own objects, whatever mixture of them the files hold: robots and notices of Security Center, contacts,
 * contact groups, event rules, subscriptions and strategies of CloudMonitor. What could not be carried over is listed, never dropped
 * in silence; secrets are kept apart.
 */
export const importSettings = (files: readonly VendorFile[]): Imported => {
  const found = files.flatMap(({ name, value }) => find(unflattened(value), files.length > 1 ? name : ''));
  const book = new SecretBook();
  const context: ImportContext = {
    records: (kind) => found.flatMap(({ record, importer }) => (importer.kind === kind ? [record] : [])),
    keep: (purpose, secret, path) => book.keep(purpose, secret, path),
  };
  const parts = found.map(({ record, importer }) => importer.read(record, context));
  const losses = parts.flatMap((part) => part.losses);
  const settings = settingsOf(parts, losses);
  const counts = new Map<ImportKind, number>();
  for (const { importer } of found) counts.set(importer.kind, (counts.get(importer.kind) ?? 0) + 1);
  return { settings, counts, secrets: book.all, losses: [...losses, ...missingNames(settings)] };
};
