import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endSlots,
  endsEarly,
  park,
  type QuotaState,
  quotaStateSchema,
  type SlotRule,
  takeSlots,
  UNUSED_QUOTA,
} from '../../shared/domain/quota.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OPEN_MS = 5_500;

const RULE: SlotRule = { windows: [{ limit: 20, windowMs: MINUTE }], openMs: OPEN_MS };
const LARK: SlotRule = {
  windows: [
    { limit: 100, windowMs: MINUTE },
    { limit: 5, windowMs: SECOND },
  ],
  openMs: OPEN_MS,
};
const BURST: SlotRule = { windows: [{ limit: 5, windowMs: SECOND }], openMs: OPEN_MS };
const SMS: SlotRule = {
  windows: [
    { limit: 1, windowMs: MINUTE },
    { limit: 5, windowMs: HOUR },
    { limit: 50, windowMs: DAY },
  ],
  openMs: 10_500,
};
const VOICE: SlotRule = {
  windows: [
    { limit: 1, windowMs: MINUTE },
    { limit: 5, windowMs: HOUR },
    { limit: 20, windowMs: DAY },
  ],
  openMs: 10_500,
};

const maxInWindow = (times: readonly number[], windowMs: number): number => {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((start) => sorted.filter((at) => at >= start && at < start + windowMs).length));
};

const expectWithin = (seenAtMs: readonly number[], { windows }: SlotRule): void => {
  for (const { limit, windowMs } of windows) expect(maxInWindow(seenAtMs, windowMs)).toBeLessThanOrEqual(limit);
};

interface Step {
  waitMs: number;
  wanted: number;
  /** When the provider sees a message, as a part of the time that the attempt takes. */
  seen: number;
  tookMs: number;
  /** Whether the sender lives to say that its attempts have ended. */
  says: boolean;
}

const stepsWithin = (longestWaitMs: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      waitMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: longestWaitMs })),
      wanted: fc.integer({ min: 0, max: 30 }),
      seen: fc.double({ min: 0, max: 1, noNaN: true }),
      tookMs: fc.integer({ min: 0, max: OPEN_MS }),
      says: fc.boolean(),
    }),
    { maxLength: 60 },
  );

/** Plays steps of many senders at once: each takes slots and says that its attempts have ended when they have. */
const play = (rule: SlotRule, steps: readonly Step[]): number[] => {
  let state: QuotaState = UNUSED_QUOTA;
  let nowMs = 1_000_000;
  const seenAtMs: number[] = [];
  let ends: { endedAtMs: number; openUntilMs: number; count: number }[] = [];
  for (const { waitMs, wanted, seen, tookMs, says } of steps) {
    nowMs += waitMs;
    for (const end of ends.filter((one) => one.endedAtMs <= nowMs)) state = endSlots(state, end);
    ends = ends.filter((one) => one.endedAtMs > nowMs);
    const grant = takeSlots(state, rule, { wanted, nowMs });
    state = grant.state;
    for (let index = 0; index < grant.granted; index += 1) seenAtMs.push(nowMs + Math.floor(seen * tookMs));
    if (says) ends.push({ endedAtMs: nowMs + tookMs, openUntilMs: grant.openUntilMs, count: grant.granted });
  }
  return seenAtMs;
};

/** How many messages leave while one is waiting all the time; each attempt takes that long and is seen at its end. */
const underBacklog = (rule: SlotRule, request: { forMs: number; tickMs: number; tookMs: number }): number[] => {
  const { forMs, tickMs, tookMs } = request;
  let state: QuotaState = UNUSED_QUOTA;
  const seenAtMs: number[] = [];
  let open: { openUntilMs: number; endedAtMs: number }[] = [];
  for (let nowMs = 0; nowMs < forMs; nowMs += tickMs) {
    if (endsEarly(rule)) {
      for (const end of open.filter((one) => one.endedAtMs <= nowMs)) state = endSlots(state, { ...end, count: 1 });
      open = open.filter((one) => one.endedAtMs > nowMs);
    }
    const grant = takeSlots(state, rule, { wanted: 1, nowMs });
    state = grant.state;
    if (grant.granted === 0) continue;
    seenAtMs.push(nowMs + tookMs);
    open.push({ openUntilMs: grant.openUntilMs, endedAtMs: nowMs + tookMs });
  }
  return seenAtMs;
};

describe('slots of a target', () => {
  it.each([
    ['one window', RULE, MINUTE / 3],
    ['a hundred a minute and five a second', LARK, MINUTE / 3],
    ['one a minute, five an hour, fifty a day', SMS, 8 * HOUR],
    ['one a minute, five an hour, twenty a day', VOICE, 8 * HOUR],
  ])('never let the provider see more than a limit in any sliding window of its own: %s', (_, rule, longestWaitMs) => {
    fc.assert(
      fc.property(stepsWithin(longestWaitMs), (steps) => expectWithin(play(rule, steps), rule)),
      { numRuns: 400 },
    );
  });

  it.each([
    { name: '20 a minute', rule: RULE, forMs: 60 * MINUTE, tickMs: 100, most: 20 * 60 },
    { name: '100 a minute and 5 a second', rule: LARK, forMs: 20 * MINUTE, tickMs: 50, most: 100 * 20 },
    { name: '5 a second alone', rule: BURST, forMs: 10 * MINUTE, tickMs: 20, most: 5 * 600 },
    { name: '50 a day, 5 an hour, 1 a minute', rule: SMS, forMs: 5 * DAY, tickMs: 10 * SECOND, most: 50 * 5 },
    { name: '20 a day, 5 an hour, 1 a minute', rule: VOICE, forMs: 5 * DAY, tickMs: 10 * SECOND, most: 20 * 5 },
  ])('are used to at least nine tenths while work is waiting all the time: $name', ({ rule, forMs, tickMs, most }) => {
    const seenAtMs = underBacklog(rule, { forMs, tickMs, tookMs: 80 });
    expectWithin(seenAtMs, rule);
    expect(seenAtMs.length / most).toBeGreaterThanOrEqual(0.9);
  });

  it('say when the next one comes free, and at that instant it is free', () => {
    const grant = takeSlots(UNUSED_QUOTA, RULE, { wanted: 25, nowMs: 1_000 });
    expect(grant.granted).toBe(20);
    expect(takeSlots(grant.state, RULE, { wanted: 1, nowMs: grant.nextFreeAtMs - 1 }).granted).toBe(0);
    expect(takeSlots(grant.state, RULE, { wanted: 1, nowMs: grant.nextFreeAtMs }).granted).toBe(1);
  });

  it('come free when the last of all windows lets them', () => {
    let state: QuotaState = UNUSED_QUOTA;
    for (let nowMs = 0; nowMs < 5 * 2 * MINUTE; nowMs += 2 * MINUTE)
      state = takeSlots(state, SMS, { wanted: 1, nowMs }).state;
    const grant = takeSlots(state, SMS, { wanted: 1, nowMs: 10 * MINUTE });
    expect(grant).toMatchObject({ granted: 0, nextFreeAtMs: HOUR + SMS.openMs });
  });

  it('stay taken to their latest end when nobody says that the attempt has ended', () => {
    const grant = takeSlots(UNUSED_QUOTA, LARK, { wanted: 5, nowMs: 0 });
    expect(takeSlots(grant.state, LARK, { wanted: 1, nowMs: OPEN_MS + SECOND - 1 }).granted).toBe(0);
    expect(takeSlots(grant.state, LARK, { wanted: 1, nowMs: OPEN_MS + SECOND }).granted).toBe(1);
    const ended = endSlots(grant.state, { openUntilMs: grant.openUntilMs, count: 4, endedAtMs: 100 });
    expect(takeSlots(ended, LARK, { wanted: 5, nowMs: 100 + SECOND }).granted).toBe(4);
  });

  it('of attempts that ended are found by their mark, and a second word about them changes nothing', () => {
    const first = takeSlots(UNUSED_QUOTA, LARK, { wanted: 2, nowMs: 0 });
    const second = takeSlots(first.state, LARK, { wanted: 3, nowMs: 50 });
    const end = { openUntilMs: first.openUntilMs, count: 2, endedAtMs: 90 };
    const once = endSlots(second.state, end);
    expect(once.slots).toEqual([90, 90, second.openUntilMs, second.openUntilMs, second.openUntilMs]);
    expect(endSlots(once, end)).toEqual(once);
  });

  it('are all refused while the target is parked, and a shorter pause does not end a longer one', () => {
    const parked = park(park(UNUSED_QUOTA, 600_000), 1_000);
    expect(takeSlots(parked, RULE, { wanted: 3, nowMs: 599_999 })).toMatchObject({ granted: 0, nextFreeAtMs: 600_000 });
    expect(takeSlots(parked, RULE, { wanted: 3, nowMs: 600_000 }).granted).toBe(3);
  });

  it('that an earlier version wrote as the instants at which they come free are kept a window longer, never shorter', () => {
    const old = quotaStateSchema.parse({ slots: Array.from({ length: 20 }, () => 65_500), parkedUntilMs: 0 });
    expect(takeSlots(old, RULE, { wanted: 1, nowMs: 65_500 }).granted).toBe(0);
    expect(takeSlots(old, RULE, { wanted: 1, nowMs: 65_500 + MINUTE }).granted).toBe(1);
  });

  it('are kept no longer than the longest window, so that a row stays small', () => {
    let state: QuotaState = UNUSED_QUOTA;
    for (let nowMs = 0; nowMs < DAY; nowMs += 700) state = takeSlots(state, LARK, { wanted: 9, nowMs }).state;
    expect(state.slots.length).toBeLessThanOrEqual(120);
  });
});
