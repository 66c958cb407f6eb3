import { type CatalogueEntry, catalogueEntries } from './catalogue.ts';
import { levelOfWord, rankOf } from './level.ts';
import { isKnownProduct } from './product.ts';
import { foldProduct, foldWord } from './roster-facts.ts';
import { EVERY_LEVEL, isFilter, levelMaskOf } from './roster-filter.ts';
import type { Settings, Subscription } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { editDistance } from './settings-nearest.ts';

/** What the catalogue says, made ready for questions. */
interface Index {
  byName: ReadonlyMap<string, readonly CatalogueEntry[]>;
  /** Types of each product. */
  types: ReadonlyMap<string, ReadonlySet<string>>;
  allTypes: ReadonlySet<string>;
}

const addTo = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
};

const readIndex = (): Index => {
  const byName = new Map<string, CatalogueEntry[]>();
  const types = new Map<string, Set<string>>();
  for (const entry of catalogueEntries()) {
    addTo(byName, foldWord(entry.name), entry);
    const known = types.get(entry.product) ?? new Set<string>();
    types.set(entry.product, known.add(foldWord(entry.type)));
  }
  return { byName, types, allTypes: new Set([...types.values()].flatMap((words) => [...words])) };
};

let made: Index | undefined;
const index = (): Index => {
  made ??= readIndex();
  return made;
};

/** A misspelt word differs in few letters; short words that differ in one are mostly other words. */
const isNear = (word: string, known: string): boolean =>
  word !== known && word.length > 3 && editDistance(word, known) <= Math.max(1, Math.floor(word.length / 8));

const nearIn = (word: string, known: Iterable<string>): string | undefined => {
  for (const other of known) if (Math.abs(other.length - word.length) <= 4 && isNear(word, other)) return other;
  return undefined;
};

/** The entries that a word of `eventNames` means: a name, or a name with its status. */
const entriesOf = (word: string): { entries: readonly CatalogueEntry[]; status?: string } => {
  const folded = foldWord(word);
  const exact = index().byName.get(folded);
  if (exact !== undefined) return { entries: exact };
  const cut = folded.lastIndexOf(':');
  const named = cut < 0 ? undefined : index().byName.get(folded.slice(0, cut));
  const status = folded.slice(cut + 1);
  const entries = (named ?? []).filter((entry) => entry.statuses.some((one) => foldWord(one.status) === status));
  return entries.length === 0 ? { entries } : { entries, status };
};

type Why = readonly [en: string, zh: string];

const listed = (words: Iterable<string>): string => [...new Set(words)].slice(0, 5).join(', ');

const levelsIn = ({ statuses }: CatalogueEntry, status: string | undefined): string[] =>
  statuses.filter((one) => status === undefined || foldWord(one.status) === status).map(({ level }) => level);

const levelFits = (level: string, mask: number): boolean => {
  const known = levelOfWord(level);
  return known === undefined || (mask & (1 << rankOf(known))) !== 0;
};

const isOfType = (entry: CatalogueEntry, { eventTypes }: Subscription): boolean =>
  !isFilter(eventTypes) || entry.type === '' || eventTypes.some((word) => foldWord(word) === foldWord(entry.type));

const isOfProduct = (entry: CatalogueEntry, { products }: Subscription): boolean =>
  !isFilter(products) || products.some((word) => foldProduct(word) === entry.product);

/** Why no event of this name can come to the subscription; undefined when one can, or nobody knows the name. */
const nameMisses = (word: string, rule: Subscription): Why | undefined => {
  const { entries, status } = entriesOf(word);
  if (entries.length === 0) {
    const near = nearIn(foldWord(word), index().byName.keys());
    const name = near === undefined ? undefined : index().byName.get(near)?.[0]?.name;
    return name === undefined
      ? undefined
      : [`there is no event "${word}"; did you mean "${name}"?`, `没有名为“${word}”的事件，是否想写“${name}”？`];
  }
  const ofProduct = entries.filter((entry) => isOfProduct(entry, rule));
  if (ofProduct.length === 0) {
    const owners = listed(entries.map(({ product }) => product));
    return [
      `"${word}" is an event of ${owners}, which products does not name`,
      `“${word}”是 ${owners} 的事件，而 products 中没有它`,
    ];
  }
  const ofType = ofProduct.filter((entry) => isOfType(entry, rule));
  if (ofType.length === 0) {
    const types = listed(ofProduct.map(({ type }) => type));
    return [
      `"${word}" has the type ${types}, which eventTypes does not name`,
      `“${word}”的类型是 ${types}，而 eventTypes 中没有它`,
    ];
  }
  const levels = ofType.flatMap((entry) => levelsIn(entry, status));
  if (levels.some((level) => levelFits(level, levelMaskOf(rule.levels)))) return undefined;
  return [
    `"${word}" comes at the level ${listed(levels)}, which levels does not name`,
    `“${word}”的级别是 ${listed(levels)}，而 levels 中没有它`,
  ];
};

/** The levels at which events of this name come by the catalogue; all when nobody knows the name. */
const maskOfName = (word: string): number => {
  const { entries, status } = entriesOf(word);
  const levels = entries.flatMap((entry) => levelsIn(entry, status)).map(levelOfWord);
  return levels.length === 0
    ? EVERY_LEVEL
    : levels.reduce((mask, level) => mask | (level === undefined ? EVERY_LEVEL : 1 << rankOf(level)), 0);
};

/** The levels of the events that a subscription can get, as bits: those of its filter, and of its names when the catalogue knows them. */
export const obtainableLevels = ({ levels, eventNames, blacklist }: Subscription): number => {
  if (blacklist === true) return EVERY_LEVEL;
  const named = isFilter(eventNames) ? eventNames.reduce((mask, word) => mask | maskOfName(word), 0) : EVERY_LEVEL;
  return named & levelMaskOf(levels);
};

const namesMiss = (rule: Subscription): Why | undefined => {
  if (rule.blacklist === true || !isFilter(rule.eventNames)) return undefined;
  const misses = rule.eventNames.map((word) => nameMisses(word, rule));
  return misses.includes(undefined) ? undefined : misses[0];
};

const isKnownType = (type: string): boolean =>
  index().allTypes.has(type) || nearIn(type, index().allTypes) !== undefined;

/** Types that the catalogue has, but none of these products; types that it does not have may come from elsewhere. */
const typesMiss = ({ products, eventTypes }: Subscription): Why | undefined => {
  if (!isFilter(products) || !isFilter(eventTypes)) return undefined;
  const ofProducts = products.map((word) => index().types.get(foldProduct(word)));
  const types = eventTypes.map(foldWord);
  const known = ofProducts.flatMap((words) => (words === undefined ? [] : [...words]));
  if (ofProducts.includes(undefined) || known.includes('') || !types.every(isKnownType)) return undefined;
  if (types.some((type) => known.includes(type))) return undefined;
  const [has, asks] = [listed(known), listed(eventTypes)];
  return [
    `events of ${listed(products)} have the types ${has}, and none of ${asks}`,
    `${listed(products)} 的事件类型是 ${has}，没有 ${asks}`,
  ];
};

const productsMiss = ({ products }: Subscription): Why | undefined => {
  if (!isFilter(products)) return undefined;
  const nearest = products.map((word) => {
    const code = foldProduct(word);
    if (isKnownProduct(code)) return undefined;
    const near = [...index().types.keys()].find((known) => isTurned(code, known) || isNear(code, known));
    return near === undefined
      ? undefined
      : ([`there is no product "${word}"; did you mean "${near}"?`, `没有产品“${word}”，是否想写“${near}”？`] as const);
  });
  return nearest.includes(undefined) ? undefined : nearest[0];
};

/** The same letters in another order, the usual slip in a short word. */
const isTurned = (word: string, known: string): boolean =>
  word.length === known.length && [...word].sort().join('') === [...known].sort().join('');

const leavesNothing = ({ blacklist, eventNames, levels }: Subscription): Why | undefined =>
  blacklist === true && !isFilter(eventNames) && isFilter(levels) && levelMaskOf(levels) === EVERY_LEVEL
    ? ['the blacklist leaves out every level', '黑名单排除了所有级别']
    : undefined;

const textsOf = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;

const patternMisses = ({ products, pattern = {} }: Subscription): Why | undefined => {
  const wanted = textsOf(pattern.product);
  if (!isFilter(products) || wanted === undefined || wanted.length === 0) return undefined;
  const codes = new Set(products.map(foldProduct));
  if (wanted.some((word) => codes.has(foldProduct(word)))) return undefined;
  return [
    `pattern asks for ${listed(wanted)} and products for ${listed(products)}`,
    `pattern 要求 ${listed(wanted)}，而 products 要求 ${listed(products)}`,
  ];
};

const missOf = (rule: Subscription): Why | undefined =>
  leavesNothing(rule) ?? productsMiss(rule) ?? namesMiss(rule) ?? typesMiss(rule) ?? patternMisses(rule);

/** Enabled subscriptions that no event of the catalogue fits: filters that contradict each other, or words that are no event. */
export const unreachableFindings = (subscriptions: NonNullable<Settings['subscriptions']>): SettingsFinding[] =>
  subscriptions.flatMap((rule, at) => {
    const why = rule.enabled === false ? undefined : missOf(rule);
    if (why === undefined) return [];
    return finding(
      { code: 'unreachable-subscription', severity: 'error', path: `subscriptions[${at}]` },
      [
        `"${rule.name}" fits no event of the catalogue: ${why[0]}`,
        'nobody is ever told by it',
        'correct the filter that does not fit, or leave it out: an empty filter fits everything',
      ],
      [
        `“${rule.name}”与目录中的任何事件都不匹配：${why[1]}`,
        '它永远不会通知任何人',
        '改正不匹配的筛选条件，或将其去掉：空条件匹配一切',
      ],
    );
  });
