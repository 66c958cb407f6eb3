import { isCanaryItself } from './canary-event.ts';
import type { Canary } from './canary-targets.ts';
import type { Decision } from './decision.ts';
import type { Event } from './event.ts';
import type { Want } from './roster.ts';
import type { Target } from './target.ts';

/** Id of the rule that the canary is, in receipts and traces. */
export const CANARY_RULE = 'canary';

/** The targets of an alarm about a canary that is missing everywhere. */
const alarmTargets = (canary: Canary): readonly Target[] =>
  canary.alarmTargets(new Set(canary.targets.map(({ key }) => key)));

const isLate = ({ deadlineMs }: Canary, event: Event, nowMs: number): boolean =>
  isCanaryItself(event) && nowMs - event.receivedAtMs > deadlineMs;

const targetsOf = (canary: Canary | undefined, event: Event, nowMs: number): readonly Target[] => {
  if (canary === undefined || isLate(canary, event, nowMs)) return [];
  return isCanaryItself(event) ? canary.targets : alarmTargets(canary);
};

/** Who is told of an event about the canary: at once, past every rule, interval, window and closed period. */
export const canaryWants = (canary: Canary | undefined, event: Event, nowMs: number): readonly Want[] =>
  targetsOf(canary, event, nowMs).map(({ key, channel, language }) => ({
    target: key,
    channel,
    rule: CANARY_RULE,
    rules: [CANARY_RULE],
    intervalMs: 0,
    language,
  }));

/** The same as decisions: other rules are not asked. */
export const canaryDecisions = (canary: Canary | undefined, event: Event, nowMs: number): Decision[] => {
  const base = { atMs: event.receivedAtMs, stage: 'match' as const, rule: CANARY_RULE };
  if (canary !== undefined && isLate(canary, event, nowMs)) return [{ ...base, name: 'canary-late' }];
  const targets = targetsOf(canary, event, nowMs);
  if (targets.length === 0) return [{ atMs: event.receivedAtMs, stage: 'match', name: 'no-rule' }];
  return targets.map(({ key, name }) => ({ ...base, name: 'matched', target: key, detail: name }));
};
