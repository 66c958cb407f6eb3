import * as z from 'zod/mini';

/**
 * What one target has been sent lately: the latest instants at which the provider may have seen each message, and the pause that the
 * provider imposed. An earlier version kept instants that were a window later; read as these they only make a target wait longer, once.
 */
export const quotaStateSchema = z.object({
  slots: z.array(z.number()),
  parkedUntilMs: z.number(),
});

/** What one target has been sent lately. */
export type QuotaState = z.infer<typeof quotaStateSchema>;

/** The limits of one target: each holds in every sliding window of the provider, all of them at once. */
export interface SlotRule {
  windows: readonly { limit: number; windowMs: number }[];
  /** From taking a slot to the last instant at which the provider may see its message. */
  openMs: number;
}

/** What was granted, the state after it, and when the next slot comes free (now, when one is free). */
export interface SlotGrant {
  granted: number;
  state: QuotaState;
  nextFreeAtMs: number;
  /** The mark of the granted slots, by which {@link endSlots} finds them. */
  openUntilMs: number;
}

/** A target that was never used. */
export const UNUSED_QUOTA: QuotaState = { slots: [], parkedUntilMs: 0 };

/** A slot that is open that small a part of its window, or less, leaves nine tenths of the limit to use. */
const OPEN_PART = 1 / 9;
/** An attempt that is under way is expected to end within that time. */
const EXPECTED_END_MS = 500;

/** Whether slots must be given an earlier end when their attempt has ended, because a window is too short to wait for the latest one. */
export const endsEarly = ({ windows, openMs }: SlotRule): boolean =>
  windows.some(({ windowMs }) => openMs > windowMs * OPEN_PART);

/** When fewer than `limit` of these ordered slots are left in the window: the limit-th from the end leaves it. */
const freeAtMs = (slots: readonly number[], { limit, windowMs }: SlotRule['windows'][number]): number => {
  const last = slots[slots.length - limit];
  return last === undefined ? 0 : last + windowMs;
};

const freeIn = (slots: readonly number[], rule: SlotRule, nowMs: number): number =>
  rule.windows.reduce((least, { limit, windowMs }) => {
    const used = slots.filter((slot) => slot + windowMs > nowMs).length;
    return Math.min(least, Math.max(0, limit - used));
  }, Number.POSITIVE_INFINITY);

const nextFreeOf = (slots: readonly number[], rule: SlotRule, nowMs: number): number => {
  // Attempts that are under way give their slots an earlier end when they are over; until then this is a fair guess.
  const ends = endsEarly(rule) ? slots.map((slot) => Math.min(slot, nowMs + EXPECTED_END_MS)) : slots;
  return Math.max(nowMs, ...rule.windows.map((window) => freeAtMs(ends, window)));
};

const byTime = (a: number, b: number): number => a - b;

/** How many slots are free now. */
export const freeSlots = (state: QuotaState, rule: SlotRule, nowMs: number): number =>
  nowMs < state.parkedUntilMs ? 0 : freeIn(state.slots, rule, nowMs);

/**
 * Takes up to `wanted` slots now. A message counts in a window of the provider until that window is over since the last instant at which
 * the provider may have seen it, so the provider never sees more than a limit in any window of its own, whichever instant it was.
 */
export const takeSlots = (state: QuotaState, rule: SlotRule, request: { wanted: number; nowMs: number }): SlotGrant => {
  const { wanted, nowMs } = request;
  const longestMs = Math.max(0, ...rule.windows.map(({ windowMs }) => windowMs));
  const known = state.slots.filter((slot) => slot + longestMs > nowMs);
  const granted = Math.min(wanted, freeSlots({ ...state, slots: known }, rule, nowMs));
  const openUntilMs = nowMs + rule.openMs;
  const slots = [...known, ...Array.from({ length: granted }, () => openUntilMs)].sort(byTime);
  const nextFreeAtMs = Math.max(nextFreeOf(slots, rule, nowMs), state.parkedUntilMs);
  return { granted, state: { ...state, slots }, nextFreeAtMs, openUntilMs };
};

/** Slots of one grant whose attempts were answered: nobody can see these messages later than now. */
export interface EndedSlots {
  openUntilMs: number;
  count: number;
  endedAtMs: number;
}

/** The state after attempts were answered. Slots that are forgotten already change nothing. */
export const endSlots = (state: QuotaState, { openUntilMs, count, endedAtMs }: EndedSlots): QuotaState => {
  let left = count;
  const slots = state.slots.map((slot) => {
    if (slot !== openUntilMs || left === 0) return slot;
    left -= 1;
    return Math.min(slot, endedAtMs);
  });
  return { ...state, slots: slots.sort(byTime) };
};

/** The state after the provider said too fast: nothing is sent until then; an earlier pause never shortens a later one. */
export const park = (state: QuotaState, untilMs: number): QuotaState => ({
  ...state,
  parkedUntilMs: Math.max(state.parkedUntilMs, untilMs),
});
