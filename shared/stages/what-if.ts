import { titleFor } from '../domain/catalogue.ts';
import type { Bilingual, Event } from '../domain/event.ts';
import type { Level } from '../domain/level.ts';
import type { Roster } from '../domain/roster.ts';
import type { SimulatedSend } from './simulation-channels.ts';
import { type Span, storedBatches } from './stored-batches.ts';
import {
  RUN_LIMITS,
  type RuleTotals,
  type RunLimits,
  type RunPorts,
  type RunResult,
  runStored,
} from './what-if-run.ts';

/** Messages of one target over the span. */
interface TargetLoad {
  messages: number;
  /** Notifications in these messages. */
  events: number;
  maxPerHour: number;
  /** Messages by the hour in which they would have been sent (ISO 8601, UTC); hours without any are left out. */
  hours: Readonly<Record<string, number>>;
}

/** One target with the settings in force and with the changed ones. */
interface TargetChange {
  target: string;
  name: string;
  channel: string;
  before: TargetLoad;
  after: TargetLoad;
  /** Messages more, or fewer when negative. */
  change: number;
}

/** Events of one kind that reach nobody with one of the two, and somebody with the other. */
export interface KindCount {
  product: string;
  type: string;
  name: string;
  level: Level;
  title: Bilingual;
  count: number;
}

/** What a change of the settings would have made of stored events. */
export interface WhatIf {
  fromMs: number;
  toMs: number;
  /** Events that were looked at. */
  events: number;
  /** Both runs ended here, because there are more events than one run takes; absent when they did not. */
  cutAtMs?: number;
  targets: readonly TargetChange[];
  rules: readonly { rule: string; before: RuleTotals; after: RuleTotals }[];
  /** Names of targets that were told before and are not any more. */
  silent: readonly string[];
  blackHoles: { opened: readonly KindCount[]; closed: readonly KindCount[] };
}

/** The settings in force, and the changed ones. */
export interface Rosters {
  before: Roster;
  after: Roster;
}

const HOUR_MS = 3_600_000;
const NOTHING: TargetLoad = { messages: 0, events: 0, maxPerHour: 0, hours: {} };
const NO_TOTALS: RuleTotals = { told: 0, merged: 0, held: 0, suppressed: 0 };
const MAX_KINDS = 100;

const hourOf = (atMs: number): string => new Date(Math.floor(atMs / HOUR_MS) * HOUR_MS).toISOString();

const loadsOf = (sends: readonly SimulatedSend[]): Map<string, TargetLoad> => {
  const hours = new Map<string, Map<string, number>>();
  const events = new Map<string, number>();
  for (const { target, atMs, total } of sends) {
    const counts = hours.get(target) ?? new Map<string, number>();
    const hour = hourOf(atMs);
    hours.set(target, counts.set(hour, (counts.get(hour) ?? 0) + 1));
    events.set(target, (events.get(target) ?? 0) + total);
  }
  return new Map(
    [...hours].map(([target, counts]) => {
      const all = [...counts.values()];
      const messages = all.reduce((sum, count) => sum + count, 0);
      const load = { messages, events: events.get(target) ?? 0, maxPerHour: Math.max(...all) };
      return [target, { ...load, hours: Object.fromEntries(counts) }];
    }),
  );
};

const targetsOf = ({ before, after }: Rosters, runs: { before: RunResult; after: RunResult }): TargetChange[] => {
  const [old, next] = [loadsOf(runs.before.sends), loadsOf(runs.after.sends)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((target): TargetChange => {
      const known = after.targets.get(target) ?? before.targets.get(target);
      const [was, is] = [old.get(target) ?? NOTHING, next.get(target) ?? NOTHING];
      const { name = target, channel = '' } = known ?? {};
      return { target, name, channel, before: was, after: is, change: is.messages - was.messages };
    })
    .sort((a, b) => b.after.messages - a.after.messages || (a.name < b.name ? -1 : 1));
};

const rulesOf = (before: RunResult['rules'], after: RunResult['rules']): WhatIf['rules'] =>
  [...new Set([...before.keys(), ...after.keys()])].sort().map((rule) => ({
    rule,
    before: before.get(rule) ?? NO_TOTALS,
    after: after.get(rule) ?? NO_TOTALS,
  }));

/** Counts of kinds of events, the most frequent first. */
export class Kinds {
  readonly #counts = new Map<string, KindCount>();

  /** Counts one event more of its kind. */
  add(event: Event): void {
    const { product, type, name, level } = event;
    const key = JSON.stringify([product, type, name, level]);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { product, type, name, level, title: titleFor(event), count: 1 });
    else known.count += 1;
  }

  /** The most frequent kinds, at most a hundred. */
  most(): KindCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count).slice(0, MAX_KINDS);
  }
}

const blackHolesOf = async (ports: RunPorts, { before, after }: Rosters, span: Span): Promise<WhatIf['blackHoles']> => {
  const [opened, closed] = [new Kinds(), new Kinds()];
  const noteShift = (event: Event): void => {
    const [was, is] = [before.route(event).length > 0, after.route(event).length > 0];
    if (was !== is) (was ? opened : closed).add(event);
  };
  for await (const { message } of storedBatches(ports.store, span)) {
    for (const event of message.events) noteShift(event);
    await ports.simulator.breathe();
  }
  return { opened: opened.most(), closed: closed.most() };
};

/** The part of the span that both runs can take. */
const commonEnd = (runs: readonly RunResult[]): number | undefined => {
  const cuts = runs.flatMap(({ cutAtMs }) => cutAtMs ?? []);
  return cuts.length === 0 ? undefined : Math.min(...cuts);
};

const runBoth = async (ports: RunPorts, rosters: Rosters, call: { span: Span; limits: RunLimits }) => {
  const before = await runStored(ports, rosters.before, call);
  const after = await runStored(ports, rosters.after, call);
  return { before, after };
};

/**
 * Lets the stored events of a span come in twice in simulations, with the settings in force and with the changed ones, and compares the
 * messages. Nothing is sent or stored. Takes at most so many events and notifications, the oldest, and says where it ended.
 */
export const whatIf = async (
  ports: RunPorts,
  rosters: Rosters,
  { span, limits = RUN_LIMITS }: { span: Span; limits?: RunLimits },
): Promise<WhatIf> => {
  let runs = await runBoth(ports, rosters, { span, limits });
  const cutAtMs = commonEnd([runs.before, runs.after]);
  const toMs = cutAtMs === undefined ? span.toMs : cutAtMs - 1;
  // One of both may have come farther; only what both took can be compared.
  if (runs.before.events !== runs.after.events)
    runs = await runBoth(ports, rosters, { span: { ...span, toMs }, limits });
  const targets = targetsOf(rosters, runs);
  return {
    fromMs: span.fromMs,
    toMs,
    events: runs.after.events,
    ...(cutAtMs === undefined ? {} : { cutAtMs }),
    targets,
    rules: rulesOf(runs.before.rules, runs.after.rules),
    silent: targets.filter(({ before, after }) => before.messages > 0 && after.messages === 0).map(({ name }) => name),
    blackHoles: await blackHolesOf(ports, rosters, { ...span, toMs }),
  };
};
