import { catalogueEntries } from './catalogue.ts';
import type { Event } from './event.ts';
import { LEVELS, type Level, levelOfWord, rankOf } from './level.ts';
import { compileDirectory } from './roster-directory.ts';
import { EventFacts } from './roster-facts.ts';
import { filterBit, isFilter, levelMaskOf, stoppedBy } from './roster-filter.ts';
import { compilePolicies, type Route } from './roster-routes.ts';
import type { Settings, Subscription } from './settings.ts';
import { unreachableFindings } from './settings-catalogue-findings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { hostChannel } from './settings-robot-places.ts';
import { shadowFindings } from './settings-shadow-findings.ts';

type Routes = ReadonlyMap<string, Route>;

/** So many subscriptions are looked at one by one, so that a change stays cheap in a file of a hundred thousand. */
const MAX_RULES = 5_000;
/** So often at most a rule is compared with an event of the catalogue. */
const MAX_LOOKS = 500_000;
const SHOWN_PRODUCTS = 8;

const wantsLevel = ({ levels, blacklist }: Subscription, level: Level): boolean =>
  blacklist === true || (levelMaskOf(levels) & (1 << rankOf(level))) !== 0;

const reaches = (rule: Subscription, level: Level, routes: Routes): boolean =>
  (routes.get(rule.policy)?.reach[level].targets.length ?? 0) > 0;

const tellsNobody = (rules: readonly Subscription[], routes: Routes): SettingsFinding[] =>
  rules.flatMap((rule, at) => {
    if (rule.enabled === false) return [];
    const wanted = LEVELS.filter((level) => wantsLevel(rule, level));
    if (wanted.some((level) => reaches(rule, level, routes))) return [];
    return finding(
      { code: 'tells-nobody', severity: 'error', path: `subscriptions[${at}].policy` },
      [
        `"${rule.policy}" reaches nobody at any level that "${rule.name}" wants`,
        'its events are accepted and nobody is told',
        'give the policy a contact group with an address for the methods of these levels',
      ],
      [
        `“${rule.policy}”在“${rule.name}”所需的任何级别上都通知不到任何人`,
        '事件会被接收，但没有人收到通知',
        '为该策略配置联系人组，并保证组内有人具备这些级别所用方式的地址',
      ],
    );
  });

const KINDS = ['product-not-wanted', 'type-not-wanted', 'name-not-wanted', 'level-not-wanted', 'blacklisted'] as const;
const MASK = KINDS.reduce((mask, name) => mask | filterBit(name), 0);

const NOTHING = { id: '', type: '', name: '', arn: '' };

const eventOf = (entry: { product: string; type: string; name: string }, status: string): Event => ({
  ...entry,
  id: 'evt_',
  source: 'cloudmonitor-event',
  status,
  level: 'critical',
  vendorLevel: 'CRITICAL',
  resource: NOTHING,
  region: '',
  account: '',
  receivedAtMs: 0,
  content: {},
});

/** Every critical event of the catalogue for these products; all when none are named. */
const criticalEvents = (products: ReadonlySet<string> | undefined): EventFacts[] =>
  catalogueEntries()
    .filter(({ product }) => products?.has(product) ?? true)
    .flatMap(({ product, type, name, statuses }) =>
      statuses
        .filter(({ level }) => levelOfWord(level) === 'critical')
        .map(({ status }) => new EventFacts(eventOf({ product, type, name }, status))),
    );

/** A rule for whole products, switched off or not: who writes one wants to hear of these products. */
const isGeneral = ({ eventNames, eventTypes, blacklist }: Subscription): boolean =>
  blacklist === true || (!isFilter(eventNames) && !isFilter(eventTypes));

/** Products of the general rules; undefined when one is for all of them. */
const generalProducts = (rules: readonly Subscription[]): ReadonlySet<string> | undefined => {
  const general = rules.filter(isGeneral);
  if (general.some(({ products }) => !isFilter(products))) return undefined;
  return new Set(general.flatMap(({ products = [] }) => products.map((word) => eventProduct(word))));
};

const eventProduct = (word: string): string =>
  new EventFacts(eventOf({ product: word, type: '', name: '' }, '')).product;

/** Security Center has other ways to tell: chatbots and its own notices. */
const tellsOtherwise = ({ chatbots = [], securityCenter }: Settings): boolean =>
  chatbots.some(({ enabled }) => enabled !== false) || (securityCenter?.notices ?? []).length > 0;

/** Products with a critical event that no rule tells anybody about, and how many such events there are. */
const silentProducts = (settings: Settings, rules: readonly Subscription[], routes: Routes): Map<string, number> => {
  const telling = rules.filter((rule) => rule.enabled !== false && reaches(rule, 'critical', routes));
  const silent = new Map<string, number>();
  let looks = 0;
  const isTold = (facts: EventFacts): boolean =>
    telling.some((rule) => {
      looks += 1;
      return stoppedBy(rule, facts, MASK) === undefined;
    });
  for (const facts of criticalEvents(generalProducts(rules))) {
    if (facts.product === 'sas' && tellsOtherwise(settings)) continue;
    if (!isTold(facts)) silent.set(facts.product, (silent.get(facts.product) ?? 0) + 1);
    if (looks > MAX_LOOKS) return new Map();
  }
  return silent;
};

const blackHole = (settings: Settings, rules: readonly Subscription[], routes: Routes): SettingsFinding[] => {
  if (!rules.some(isGeneral)) return [];
  const silent = [...silentProducts(settings, rules, routes)].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (silent.length === 0) return [];
  const shown = silent.slice(0, SHOWN_PRODUCTS).map(([product, count]) => `${product} (${count})`);
  const more = silent.length - shown.length;
  const [en, zh] = more > 0 ? [` and ${more} more products`, `等 ${silent.length} 个产品`] : ['', ''];
  return [
    finding(
      { code: 'black-hole', severity: 'error', path: 'subscriptions' },
      [
        `critical events of these products, for which there are rules, tell nobody: ${shown.join(', ')}${en}`,
        'the gravest events that the vendor names for them are accepted and nobody hears of them',
        'let a subscription with the level critical take them, with a policy that reaches somebody at that level; fenghuo route shows what stops an event',
      ],
      [
        `已为以下产品配置规则，但其严重级别事件不会通知任何人：${shown.join('、')}${zh}`,
        '厂商目录中这些产品最严重的事件会被接收，但没有人知道',
        '让一条包含 critical 级别的订阅接收它们，并使用在该级别能通知到人的策略；fenghuo route 可显示事件被什么拦下',
      ],
    ),
  ];
};

/**
 * What rules say that cannot be meant: subscriptions that no event fits or that tell nobody, critical events that fall between them, and
 * rules that another makes needless. At most the first {@link MAX_RULES} subscriptions are judged.
 */
export const ruleFindings = (settings: Settings, deployed: ReadonlySet<string> | undefined): SettingsFinding[] => {
  const { subscriptions = [] } = settings;
  const options = { version: 0, claimChannel: hostChannel, ...(deployed === undefined ? {} : { deployed }) };
  const rules = subscriptions.slice(0, MAX_RULES);
  if (rules.length === 0) return [];
  const routes = compilePolicies(settings, compileDirectory(settings, options).parts);
  const isWhole = rules.length === subscriptions.length;
  return [
    ...unreachableFindings(rules),
    ...tellsNobody(rules, routes),
    ...(isWhole ? blackHole(settings, rules, routes) : []),
    ...shadowFindings(settings, rules, routes),
  ];
};
