import { isCanary } from './canary-event.ts';
import { canaryDecisions, canaryWants } from './canary-wants.ts';
import { compileEscalations } from './escalation-plan.ts';
import { holdSame, listChangeOf } from './list-change.ts';
import { MatchIndex } from './match-index.ts';
import { MatchLayers } from './match-layers.ts';
import type { Roster } from './roster.ts';
import { compileDirectory, type RosterOptions } from './roster-directory.ts';
import { explainWith } from './roster-explain.ts';
import { compileNotices } from './roster-notice.ts';
import { compileRoutes } from './roster-routes.ts';
import { type CompiledRoutes, Rules } from './roster-rules.ts';
import { compileSecurityCenter } from './roster-security-center.ts';
import { wantsOf } from './roster-wants.ts';
import { compilePush } from './security-center-push.ts';
import type { Settings } from './settings.ts';

type Directory = ReturnType<typeof compileDirectory>;

/** The rules that were indexed as a whole, from which later versions differ in little. */
interface Base {
  rules: Rules;
  index: MatchIndex;
}

/** What a roster was made from, for the one that follows it. */
interface Made {
  settings: Settings;
  options: RosterOptions;
  directory: Directory;
  routes: CompiledRoutes;
  base: Base;
}

const made = new WeakMap<Roster, Made>();

/** Beyond this share of the subscriptions, what differs from the base is worth a new base. */
const MAX_CHANGED_SHARE = 1 / 64;
const MIN_CHANGED = 16;

const isSamePart = (one: unknown, other: unknown): boolean =>
  one === other || (Array.isArray(one) && Array.isArray(other) && holdSame(one, other));

/** Whether two versions of the settings differ in subscriptions at most. */
const haveSameRest = (one: Settings, other: Settings): boolean => {
  const { subscriptions: _, ...rest } = one;
  const { subscriptions: __, ...otherRest } = other;
  const others = new Map<string, unknown>(Object.entries(otherRest));
  const entries = Object.entries(rest);
  return entries.length === others.size && entries.every(([key, part]) => isSamePart(part, others.get(key)));
};

const canShare = (before: Made, settings: Settings, options: RosterOptions): boolean =>
  before.options.claimChannel === options.claimChannel &&
  before.options.deployed === options.deployed &&
  haveSameRest(before.settings, settings);

const directoryOf = (
  settings: Settings,
  options: RosterOptions,
  before: Made | undefined,
): Pick<Made, 'directory' | 'routes'> => {
  if (before !== undefined && canShare(before, settings, options)) {
    const { directory, parts } = before.directory;
    return {
      directory: { directory: { ...directory, version: options.version }, parts },
      routes: before.routes,
    };
  }
  const directory = compileDirectory(settings, options);
  const notices = compileNotices(settings, directory.parts);
  const table = compileRoutes(
    settings,
    directory.parts,
    notices.map(({ route }) => route),
  );
  return { directory, routes: { table, notices } };
};

interface Layered {
  rules: Rules;
  base: Base;
  layers: MatchLayers;
}

/** The rules over the base of the version before; undefined when they differ from it in too much. */
const layeredOver = (base: Base, settings: Settings, routes: CompiledRoutes): Layered | undefined => {
  const old = base.rules.subscriptions;
  const limit = Math.max(MIN_CHANGED, old.length * MAX_CHANGED_SHARE);
  const change = listChangeOf(old, settings.subscriptions ?? [], limit);
  if (change === undefined) return undefined;
  const rules = new Rules(settings, routes, { rules: base.rules, change });
  return { rules, base, layers: new MatchLayers(rules, { index: base.index, change }) };
};

const layeredAnew = (settings: Settings, routes: CompiledRoutes): Layered => {
  const rules = new Rules(settings, routes);
  const base = { rules, index: new MatchIndex(rules.subscriptions) };
  return { rules, base, layers: new MatchLayers(rules, base) };
};

/**
 * Compiles checked settings for the hot path. Pure: equal settings and options give a roster that decides equally, whatever came before.
 * With the roster before, objects that are the very same are not compiled again; that roster stays as it is and may be in use.
 */
export const compileRoster = (settings: Settings, options: RosterOptions, previous?: Roster): Roster => {
  const before = previous && made.get(previous);
  const { directory, routes } = directoryOf(settings, options, before);
  const { rules, base, layers } =
    (before && layeredOver(before.base, settings, routes)) ?? layeredAnew(settings, routes);
  const wants = wantsOf(rules);
  const push = compilePush(settings);
  const securityCenter = compileSecurityCenter(rules, push);
  const explain = explainWith(rules, push);
  const { canary } = directory.directory;
  const roster: Roster = {
    ...directory.directory,
    route: (event, nowMs = event.receivedAtMs) => {
      if (isCanary(event)) return canaryWants(canary, event, nowMs);
      const matched = securityCenter.choose(event, layers.match(event));
      const moment = { event, nowMs };
      return securityCenter.pace(moment, matched, wants(moment, matched));
    },
    explain: (event, nowMs = event.receivedAtMs) =>
      isCanary(event) ? canaryDecisions(canary, event, nowMs) : explain(event),
    escalations: compileEscalations(settings, directory.parts),
  };
  made.set(roster, { settings, options, directory, routes, base });
  return roster;
};
