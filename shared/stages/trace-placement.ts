import type { Decision, DecisionName } from '../domain/decision.ts';
import { isGate, isPeriodGate } from '../domain/gate.ts';
import { gateText, mergeFix, periodFix } from '../domain/gate-text.ts';
import type { WindowRecord } from '../domain/lane.ts';
import type { Standing } from './audit.ts';

interface Place {
  key: string;
  window: number;
  atMs: number;
}

type Base = Pick<Decision, 'stage' | 'target' | 'rule'>;

const HELD: Readonly<Record<Kind, DecisionName>> = {
  period: 'held-for-period',
  merge: 'held-for-merge',
  lane: 'held-for-interval',
};
const CLOSED: Readonly<Record<Kind, DecisionName>> = {
  period: 'period-opened',
  merge: 'merge-ended',
  lane: 'window-closed',
};

type Kind = 'period' | 'merge' | 'lane';

const kindOf = (key: string): Kind => {
  if (isPeriodGate(key)) return 'period';
  return isGate(key) ? 'merge' : 'lane';
};

/** What stands behind a period or a merge: the policy, until when, and what lets it through. */
const heldDetail = ({ gate, rule }: Standing, { key, window }: Place, untilMs: number | undefined): string => {
  const place = `window ${window} of ${key}`;
  const kind = kindOf(key);
  if (kind === 'period')
    return `${gateText({ policy: gate?.policy, opensAtMs: untilMs })}; effective.passes lets a level through; ${place}`;
  if (kind === 'merge') return `${gateText(gate ?? {}) ?? 'merged'} by merge.window of ${rule}; ${place}`;
  return place;
};

const closedDecision = (base: Base, kind: Kind, record: WindowRecord): Decision => {
  const detail = `${record.total} notifications in one message${record.delivery === undefined ? '' : ` ${record.delivery}`}`;
  return { ...base, atMs: record.closedAtMs, name: CLOSED[kind], detail };
};

const heldDecisions = (standing: Standing, base: Base): Decision[] => {
  const { placement, passed = [], record, untilMs } = standing;
  if (placement === undefined) return [];
  const places: (Place & { dueMs?: number | undefined })[] = [placement, ...passed.map(({ hop }) => hop)];
  const records = [...passed.map((one) => one.record), record];
  return places.flatMap((place, at): Decision[] => {
    const kind = kindOf(place.key);
    const detail = heldDetail(standing, place, place.dueMs ?? untilMs);
    const closed = records[at];
    const held: Decision = { ...base, atMs: place.atMs, name: HELD[kind], detail };
    return closed === undefined ? [held] : [held, closedDecision(base, kind, closed)];
  });
};

const enteredDecisions = ({ entered, gate }: Standing, base: Base): Decision[] =>
  entered === undefined
    ? []
    : [{ ...base, atMs: entered.atMs, name: 'first-of-merge', detail: gateText(gate ?? {}) ?? entered.key }];

/** What fanout decided about one notification: what held it, in which windows, and when each of them let it go on. */
export const placementDecisions = (standing: Standing): Decision[] => {
  const { placement, event, target, rule } = standing;
  const base: Base = { stage: 'fanout', target, rule };
  const entered = enteredDecisions(standing, base);
  if (placement === undefined) return entered;
  if (placement.lead !== event) return [...entered, ...heldDecisions(standing, base)];
  const detail = `the lane was silent; it opens window ${placement.window}`;
  return [...entered, { ...base, atMs: placement.atMs, name: 'sent-at-once', detail }];
};

/** Until when a notification is held, and what to change if it should not be; nothing for one that no window holds any more. */
export const waitingReport = (standing: Standing): { untilMs?: number; fix?: { en: string; zh: string } } => {
  const { untilMs, status, placement, passed = [], gate, rule } = standing;
  if (status !== 'deferred' || untilMs === undefined || placement === undefined) return {};
  const kind = kindOf(passed.at(-1)?.hop.key ?? placement.key);
  if (kind === 'period') return { untilMs, fix: periodFix(gate ?? {}) };
  return kind === 'merge' ? { untilMs, fix: mergeFix(rule) } : { untilMs };
};
