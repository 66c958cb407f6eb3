import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { park, type QuotaState, takeSlots, UNUSED_QUOTA } from '../../shared/domain/quota.ts';

const WINDOW_MS = 60_000;
const MAX_SEND_MS = 5_000;
const RULE = { limit: 20, holdMs: WINDOW_MS + MAX_SEND_MS + 500 };

const maxInWindow = (times: readonly number[]): number =>
  Math.max(0, ...times.map((start) => times.filter((at) => at >= start && at < start + WINDOW_MS).length));

describe('slots of a target', () => {
  it('never let the provider see more than the limit in any sliding minute, however late it sees each message', () => {
    const steps = fc.array(
      fc.record({
        waitMs: fc.integer({ min: 0, max: 20_000 }),
        wanted: fc.integer({ min: 0, max: 30 }),
        lateMs: fc.integer({ min: 0, max: MAX_SEND_MS }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        let state: QuotaState = UNUSED_QUOTA;
        let nowMs = 1_000_000;
        const seenAtMs: number[] = [];
        for (const { waitMs, wanted, lateMs } of taken) {
          nowMs += waitMs;
          const grant = takeSlots(state, RULE, { wanted, nowMs });
          state = grant.state;
          for (let index = 0; index < grant.granted; index += 1)
            seenAtMs.push(nowMs + ((lateMs * (index + 1)) % MAX_SEND_MS));
        }
        expect(maxInWindow(seenAtMs)).toBeLessThanOrEqual(RULE.limit);
      }),
      { numRuns: 500 },
    );
  });

  it('are used to at least nine tenths while work is waiting all the time', () => {
    let state: QuotaState = UNUSED_QUOTA;
    let sent = 0;
    const minutes = 60;
    for (let nowMs = 0; nowMs < minutes * WINDOW_MS; nowMs += 100) {
      const grant = takeSlots(state, RULE, { wanted: 1, nowMs });
      state = grant.state;
      sent += grant.granted;
    }
    expect(sent / (minutes * RULE.limit)).toBeGreaterThanOrEqual(0.9);
  });

  it('say when the next one comes free, and at that instant it is free', () => {
    const grant = takeSlots(UNUSED_QUOTA, RULE, { wanted: 25, nowMs: 1_000 });
    expect(grant.granted).toBe(20);
    expect(takeSlots(grant.state, RULE, { wanted: 1, nowMs: grant.nextFreeAtMs - 1 }).granted).toBe(0);
    expect(takeSlots(grant.state, RULE, { wanted: 1, nowMs: grant.nextFreeAtMs }).granted).toBe(1);
  });

  it('are all refused while the target is parked, and a shorter pause does not end a longer one', () => {
    const parked = park(park(UNUSED_QUOTA, 600_000), 1_000);
    expect(takeSlots(parked, RULE, { wanted: 3, nowMs: 599_999 })).toMatchObject({ granted: 0, nextFreeAtMs: 600_000 });
    expect(takeSlots(parked, RULE, { wanted: 3, nowMs: 600_000 }).granted).toBe(3);
  });
});
