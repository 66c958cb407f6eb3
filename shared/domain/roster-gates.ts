import { intervalMsOf } from './duration.ts';
import type { Event } from './event.ts';
import type { Gate, Quiet } from './gate.ts';
import { digestOf } from './ids.ts';
import { opensAtMs, type Period } from './period.ts';
import type { Route } from './roster-routes.ts';
import type { Subscription } from './settings.ts';

/** The window of a subscription in which equal events are merged, and what makes them equal. */
export interface Merge {
  windowMs: number;
  keyOf(event: Event): string;
}

type Part = NonNullable<NonNullable<Subscription['merge']>['by']>[number];

/** What the combined noise reduction of the console takes for the same event. */
const SAME_EVENT: readonly Part[] = ['product', 'eventName', 'resource'];

const PARTS: Readonly<Record<Part, (event: Event) => string>> = {
  product: ({ product }) => product,
  eventType: ({ type }) => type,
  eventName: ({ name }) => name,
  level: ({ level }) => level,
  resource: ({ resource }) => resource.id || resource.arn || resource.name,
  region: ({ region }) => region,
  account: ({ account }) => account,
};

/** The merge window of a subscription; undefined when it has none, or one that takes no time. */
export const compileMerge = ({ merge }: Subscription): Merge | undefined => {
  const windowMs = intervalMsOf(merge?.window);
  if (windowMs === 0) return undefined;
  const by = merge?.by === undefined || merge.by.length === 0 ? SAME_EVENT : merge.by;
  return { windowMs, keyOf: (event) => digestOf(...by.map((part) => PARTS[part](event))) };
};

/** A message may be late by that much beside what it waits for: a slow provider, or a quota that is used up. */
const LATE_MS = 3_600_000;

/** The quiet time ahead, when what is held now may come into it; undefined when it is far away, or the level passes. */
const quietSoon = (period: Period, event: Event, at: { nowMs: number; waitsMs: number }): Quiet | undefined => {
  if (at.waitsMs === 0 || period.passes.has(event.level)) return undefined;
  const { open, untilMs } = period.spanAt(at.nowMs);
  if (!open || untilMs - at.nowMs > 2 * at.waitsMs + LATE_MS) return undefined;
  const next = period.spanAt(untilMs);
  return next.open ? undefined : { fromMs: untilMs, untilMs: next.untilMs };
};

/** What one event that a rule wants must wait for at that instant; undefined when for nothing. */
export const gateOf = (
  { route, merge }: { route: Route; merge: Merge | undefined },
  event: Event,
  nowMs: number,
): Gate | undefined => {
  const { period, policy, intervalMs } = route;
  if (period === undefined)
    return merge === undefined ? undefined : { merge: { key: merge.keyOf(event), windowMs: merge.windowMs } };
  const named: Gate = policy === undefined ? {} : { policy };
  const opens = opensAtMs(period, event.level, nowMs);
  if (opens !== undefined) return { ...named, opensAtMs: opens };
  const quiet = quietSoon(period, event, { nowMs, waitsMs: intervalMs + (merge?.windowMs ?? 0) });
  if (quiet === undefined && merge === undefined) return undefined;
  const gate: Gate = quiet === undefined ? named : { ...named, quiet };
  return merge === undefined ? gate : { ...gate, merge: { key: merge.keyOf(event), windowMs: merge.windowMs } };
};
