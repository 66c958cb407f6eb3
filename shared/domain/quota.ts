import * as z from 'zod/mini';

/** Slots in use on one target, as the instants at which they come free, and the pause that the provider imposed. */
export const quotaStateSchema = z.object({
  slots: z.array(z.number()),
  parkedUntilMs: z.number(),
});

/** Slots in use on one target. */
export type QuotaState = z.infer<typeof quotaStateSchema>;

/** The limit of one target: at most `limit` slots are in use at any moment, each for `holdMs`. */
export interface SlotRule {
  limit: number;
  holdMs: number;
}

/** What was granted, the state after it, and when the next slot comes free (now, when one is free). */
export interface SlotGrant {
  granted: number;
  state: QuotaState;
  nextFreeAtMs: number;
}

/** A target that was never used. */
export const UNUSED_QUOTA: QuotaState = { slots: [], parkedUntilMs: 0 };

/**
 * Takes up to `wanted` slots now. A slot is held for the provider's window plus the longest time an attempt may take, so that the
 * provider, who sees a message somewhere between taking and giving up, never sees more than the limit in any window of its own.
 */
export const takeSlots = (state: QuotaState, rule: SlotRule, request: { wanted: number; nowMs: number }): SlotGrant => {
  const { wanted, nowMs } = request;
  const used = state.slots.filter((freeAtMs) => freeAtMs > nowMs).sort((a, b) => a - b);
  const free = nowMs < state.parkedUntilMs ? 0 : Math.max(0, rule.limit - used.length);
  const granted = Math.min(wanted, free);
  const slots = [...used, ...Array.from({ length: granted }, () => nowMs + rule.holdMs)];
  const firstFreeMs = slots.length < rule.limit ? nowMs : (slots[slots.length - rule.limit] ?? nowMs);
  return { granted, state: { ...state, slots }, nextFreeAtMs: Math.max(firstFreeMs, state.parkedUntilMs, nowMs) };
};

/** The state after the provider said too fast: nothing is sent until then; an earlier pause never shortens a later one. */
export const park = (state: QuotaState, untilMs: number): QuotaState => ({
  ...state,
  parkedUntilMs: Math.max(state.parkedUntilMs, untilMs),
});
