import * as z from 'zod/mini';

const PERIOD_PREFIX = 'period:';
const MERGE_PREFIX = 'merge:';

/** Schema of a stretch of time in which a policy may not speak. */
export const quietSchema = z.object({ fromMs: z.number(), untilMs: z.number() });

/** What a notification must wait for before it comes to its lane; decided by match, once and for all. */
export const gateSchema = z.object({
  /** The policy whose effective period it is; absent when there is no period, or when it belongs to no policy. */
  policy: z.optional(z.string()),
  /** The period is closed: held until it opens at this instant. */
  opensAtMs: z.optional(z.number()),
  /** The period closes soon: what would go out later than that waits until it opens again. */
  quiet: z.optional(quietSchema),
  /** The first of a key goes on at once, what is equal within `windowMs` of it is merged into one message. */
  merge: z.optional(z.object({ key: z.string(), windowMs: z.number() })),
});

/** What a notification must wait for before it comes to its lane. */
export type Gate = z.infer<typeof gateSchema>;

/** A stretch of time in which a policy may not speak. */
export type Quiet = z.infer<typeof quietSchema>;

interface Gated {
  rule: string;
  target: string;
  gate?: Gate;
}

/** Key of the gate that holds, for a rule and a target, what is told when the period opens at that instant. */
export const periodKeyOf = ({ rule, target }: Pick<Gated, 'rule' | 'target'>, opensAtMs: number): string =>
  `${PERIOD_PREFIX}${rule}@${target}#${opensAtMs}`;

/** Key of the gate that this notification comes to first; undefined when it goes to its lane at once. */
export const gateKeyOf = ({ rule, target, gate }: Gated): string | undefined => {
  if (gate === undefined) return undefined;
  if (gate.opensAtMs !== undefined) return periodKeyOf({ rule, target }, gate.opensAtMs);
  return gate.merge === undefined ? undefined : `${MERGE_PREFIX}${rule}@${target}#${gate.merge.key}`;
};

/** Whether the key names a gate that waits for a period to open. */
export const isPeriodGate = (key: string): boolean => key.startsWith(PERIOD_PREFIX);

/** Whether the key names a gate of either kind, and neither a lane nor a waiting room. */
export const isGate = (key: string): boolean => isPeriodGate(key) || key.startsWith(MERGE_PREFIX);

const laterOf = (one: Quiet, other: Quiet): Quiet => ({
  fromMs: Math.max(one.fromMs, other.fromMs),
  untilMs: Math.min(one.untilMs, other.untilMs),
});

/** When all of these may not speak; undefined when any of them may always. */
export const quietOfAll = (quiets: readonly (Quiet | undefined)[]): Quiet | undefined => {
  let all: Quiet | undefined;
  for (const quiet of quiets) {
    if (quiet === undefined) return undefined;
    all = all === undefined ? quiet : laterOf(all, quiet);
  }
  return all;
};
