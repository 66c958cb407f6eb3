import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Event } from '../../shared/domain/event.ts';
import type { Roster } from '../../shared/domain/roster.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings, Subscription } from '../../shared/domain/settings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';

/** One line of the report: matching at one number of subscriptions. */
export interface MatchBenchRow {
  subscriptions: number;
  /** Nanoseconds for one event through `roster.route`, best of several rounds. */
  nsPerEvent: number;
  matchesPerEvent: number;
  /** Bytes that the compiled roster holds beyond the settings, divided by the subscriptions. */
  bytesPerSubscription: number;
  buildMs: number;
  /** Milliseconds from one changed subscription to a roster that is ready, median of several. */
  changeMs: number;
  /** Nanoseconds for one event after these changes. */
  nsAfterChanges: number;
  /** Nanoseconds for one event when every subscription has an event pattern and nothing else, and how many match then. */
  nsByPattern: number;
  matchesByPattern: number;
  /** Bytes for each subscription after a change, the unchanged index of the version before included. */
  bytesAfterChange: number;
}

const SIZES = [10, 100, 1_000, 10_000, 100_000];
const EVENTS = 2_000;
const ROUNDS = 25;
const WARM_UPS = 3;
const CHANGES = 40;
const LEVELS = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** Numbers that look random and are the same in every run. */
const random = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const several = (pick: (below: number) => number, count: number, word: (n: number) => string): string[] => [
  ...new Set(Array.from({ length: count }, () => word(pick(1_000_000)))),
];

const subscriptionOf = (pick: (below: number) => number, at: number): Subscription => {
  const kind = pick(10);
  return {
    name: `team-${at}`,
    products: several(pick, 1 + pick(2), (n) => `product${n % 200}`),
    ...(pick(10) === 0 ? {} : { eventTypes: several(pick, 1 + pick(3), (n) => `Type${n % 20}`) }),
    ...(kind < 3 ? { eventNames: several(pick, 1 + pick(3), (n) => `Instance:Name${n % 50}`) } : {}),
    ...(kind === 3 ? { blacklist: true, eventNames: [`Instance:Name${pick(50)}`] } : {}),
    ...(kind > 3 && kind < 7 ? { levels: kind === 4 ? ['CRITICAL'] : ['CRITICAL', 'WARN'] } : {}),
    ...(kind > 6 ? { resources: [`i-bp${pick(1_000)}`] } : {}),
    policy: `policy-${at % 20}`,
  };
};

/** The same subscription with its filters as an event pattern and a part of the content beside them. */
const asPattern = ({ name, policy, products, eventTypes, eventNames, resources }: Subscription): Subscription => ({
  name,
  policy,
  pattern: {
    product: products,
    ...(eventTypes === undefined ? {} : { type: eventTypes }),
    ...(eventNames === undefined ? {} : { name: eventNames }),
    ...(resources === undefined ? {} : { resource: { id: resources } }),
    content: { state: [{ exists: false }, 'Stopped'] },
  },
});

const settingsOf = (count: number): Settings => {
  const pick = random(count);
  const twenty = Array.from({ length: 20 }, (_, at) => at);
  const checked = checkSettings(
    {
      contacts: twenty.map((at) => ({
        name: `contact-${at}`,
        webhook: { type: 'webhook', url: `https://hook.example.com/${at}` },
      })),
      contactGroups: twenty.map((at) => ({ name: `group-${at}`, contacts: [`contact-${at}`] })),
      notificationPolicies: twenty.map((at) => ({ name: `policy-${at}`, contactGroups: [`group-${at}`] })),
      subscriptions: Array.from({ length: count }, (_, at) => subscriptionOf(pick, at)),
    },
    {},
  );
  if (checked.kind === 'invalid') throw new Error(`the bench wrote bad settings: ${JSON.stringify(checked.issues[0])}`);
  return checked.settings;
};

const eventOf = (pick: (below: number) => number, at: number): Event => ({
  id: `evt_${at}`,
  source: 'cloudmonitor-event',
  product: `product${pick(200)}`,
  type: `Type${pick(20)}`,
  name: `Instance:Name${pick(50)}`,
  status: ['Executing', 'Executed', ''][pick(3)] ?? '',
  level: LEVELS[pick(5)] ?? 'info',
  vendorLevel: 'CRITICAL',
  resource: {
    id: `i-bp${pick(1_000)}`,
    type: 'instance',
    name: 'web',
    arn: `acs:ecs:cn-hangzhou:1:instance/i-bp${at}`,
  },
  region: 'cn-hangzhou',
  account: '1000000000000001',
  receivedAtMs: at,
  title: { zh: '事件', en: 'Event' },
  content: {},
});

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const bytesHeld = (): number => {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const routeAll = (roster: Roster, events: readonly Event[]): number =>
  events.reduce((sum, event) => sum + roster.route(event).reduce((rules, want) => rules + want.rules.length, 0), 0);

const bestNs = (roster: Roster, events: readonly Event[]): number => {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const from = process.hrtime.bigint();
    routeAll(roster, events);
    return Number(process.hrtime.bigint() - from) / events.length;
  });
  return Math.min(...rounds);
};

/** Events read back from text, as they come from a queue: their words are not the very objects of the settings. */
const eventsFromText = (): Event[] => {
  const pick = random(7);
  return JSON.parse(JSON.stringify(Array.from({ length: EVENTS }, (_, at) => eventOf(pick, at))));
};

const claimChannel = (): undefined => undefined;

const compile = (settings: Settings): Roster => compileRoster(settings, { version: 1, claimChannel });

const withOneChanged = (settings: Settings, at: number): Settings => {
  const list = [...(settings.subscriptions ?? [])];
  const place = (at * 7_919) % list.length;
  const changed = list[place];
  if (changed !== undefined) list[place] = { ...changed, levels: ['CRITICAL'] };
  return { ...settings, subscriptions: list };
};

/** Changes one subscription after the other, each roster made from the one before. */
const changeOften = (settings: Settings, first: Roster): { roster: Roster; changeMs: number } => {
  const tookMs: number[] = [];
  let [now, roster] = [settings, first];
  for (let at = 0; at < CHANGES; at += 1) {
    now = withOneChanged(now, at);
    const from = process.hrtime.bigint();
    roster = compileRoster(now, { version: at + 2, claimChannel }, roster);
    tookMs.push(Number(process.hrtime.bigint() - from) / 1e6);
  }
  return { roster, changeMs: tookMs.sort((one, other) => one - other)[CHANGES / 2] ?? 0 };
};

const bytesOfRosters = (settings: Settings, copies: number): number => {
  const before = bytesHeld();
  const rosters = Array.from({ length: copies }, () => compile(settings));
  return (bytesHeld() - before) / rosters.length;
};

/** Bytes by which a roster grows through the subscriptions; small ones are compiled many times, so that the heap's noise does not count. */
const bytesOfIndex = (settings: Settings): number => {
  const copies = Math.ceil(10_000 / (settings.subscriptions?.length ?? 1));
  return bytesOfRosters(settings, copies) - bytesOfRosters({ ...settings, subscriptions: [] }, copies);
};

const bytesAddedByChange = (settings: Settings, roster: Roster): number => {
  const changed = withOneChanged(settings, 1);
  const before = bytesHeld();
  const next = compileRoster(changed, { version: 2, claimChannel }, roster);
  const held = bytesHeld() - before;
  return next.version === 2 ? held : 0;
};

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

const costOfChanges = (settings: Settings, events: readonly Event[], roster: Roster) => {
  const { roster: changed, changeMs } = changeOften(settings, roster);
  return { changeMs: rounded(changeMs, 2), nsAfterChanges: Math.round(bestNs(changed, events)) };
};

const costOfPatterns = (settings: Settings, events: readonly Event[]) => {
  const roster = compile({ ...settings, subscriptions: (settings.subscriptions ?? []).map(asPattern) });
  const matchesByPattern = rounded(routeAll(roster, events) / events.length, 2);
  return { matchesByPattern, nsByPattern: Math.round(bestNs(roster, events)) };
};

const rowOf = (subscriptions: number): MatchBenchRow => {
  const settings = settingsOf(subscriptions);
  const events = eventsFromText();
  const bytesPerSubscription = Math.round(bytesOfIndex(settings) / subscriptions);
  const from = process.hrtime.bigint();
  const roster = compile(settings);
  const buildMs = Number(process.hrtime.bigint() - from) / 1e6;
  const matches = routeAll(roster, events);
  return {
    subscriptions,
    nsPerEvent: Math.round(bestNs(roster, events)),
    matchesPerEvent: rounded(matches / events.length, 2),
    bytesPerSubscription,
    buildMs: rounded(buildMs, 1),
    bytesAfterChange: bytesPerSubscription + Math.round(bytesAddedByChange(settings, roster) / subscriptions),
    ...costOfChanges(settings, events, roster),
    ...costOfPatterns(settings, events),
  };
};

/** Matching from 10 to 100,000 subscriptions; takes some seconds. */
export const benchMatch = (): MatchBenchRow[] => {
  for (let round = 0; round < WARM_UPS; round += 1) rowOf(1_000);
  return SIZES.map(rowOf);
};

if (process.argv[1]?.endsWith('match.ts') === true) console.table(benchMatch());
