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
}

const SIZES = [10, 100, 1_000, 10_000, 100_000];
const EVENTS = 2_000;
const ROUNDS = 25;
const WARM_UPS = 3;
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

const compile = (settings: Settings): Roster => compileRoster(settings, { version: 1, claimChannel: () => undefined });

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
    matchesPerEvent: Math.round((matches / events.length) * 100) / 100,
    bytesPerSubscription,
    buildMs: Math.round(buildMs * 10) / 10,
  };
};

/** Matching from 10 to 100,000 subscriptions; takes some seconds. */
export const benchMatch = (): MatchBenchRow[] => {
  for (let round = 0; round < WARM_UPS; round += 1) rowOf(1_000);
  return SIZES.map(rowOf);
};

if (process.argv[1]?.endsWith('match.ts') === true) console.table(benchMatch());
