import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CaredEvent, dueWork, type EscalationTimes } from '../../shared/domain/escalation-due.ts';

const MINUTE = 60_000;
const TIMES: EscalationTimes = { stepsMs: [15 * MINUTE, 30 * MINUTE], repeat: { everyMs: 10 * MINUTE, times: 3 } };

const event = (changes: Partial<CaredEvent> = {}): CaredEvent => ({
  place: 0,
  toldAtMs: 0,
  stepsDone: 0,
  repeatsDone: 0,
  ...changes,
});

const at = (minutes: number) => ({ nowMs: minutes * MINUTE, ageMs: minutes * MINUTE });

describe('what is due', () => {
  it('is nothing before the first time, and that time is next', () => {
    expect(dueWork(TIMES, [event()], at(9))).toEqual({ waves: [], nextAtMs: 10 * MINUTE });
  });

  it('is each step from its time on, once', () => {
    const { waves } = dueWork({ stepsMs: TIMES.stepsMs }, [event()], at(30));
    expect(waves.map(({ kind, n, of }) => [kind, n, of])).toEqual([
      ['escalated', 1, 2],
      ['escalated', 2, 2],
    ]);
    expect(dueWork({ stepsMs: TIMES.stepsMs }, [event({ stepsDone: 2 })], at(90))).toEqual({ waves: [] });
  });

  it('is of several repeats only the last, and never one more than there are', () => {
    const repeatOnly = { stepsMs: [], repeat: TIMES.repeat };
    expect(dueWork(repeatOnly, [event()], at(25))).toEqual({
      waves: [{ kind: 'repeated', n: 2, of: 3, places: [0] }],
      nextAtMs: 30 * MINUTE,
    });
    expect(dueWork(repeatOnly, [event({ repeatsDone: 2 })], at(900)).waves[0]).toMatchObject({ n: 3 });
    expect(dueWork(repeatOnly, [event({ repeatsDone: 3 })], at(900))).toEqual({ waves: [] });
  });

  it('is the first step at once for what failed for good, and the others at their distances', () => {
    const failed = event({ toldAtMs: undefined, failedAtMs: 2 * MINUTE });
    expect(dueWork({ stepsMs: TIMES.stepsMs }, [failed], at(2))).toEqual({
      waves: [{ kind: 'escalated', n: 1, of: 2, places: [0] }],
      nextAtMs: 17 * MINUTE,
    });
  });

  it('is nothing for what waits, which is looked at again later the longer it waits, and never later than a step may be', () => {
    const waiting = event({ toldAtMs: undefined });
    expect(dueWork(TIMES, [waiting], at(1))).toEqual({ waves: [], nextAtMs: 2 * MINUTE });
    expect(dueWork(TIMES, [waiting], at(20)).nextAtMs).toBe(25 * MINUTE);
    expect(dueWork(TIMES, [waiting], at(600)).nextAtMs).toBe(610 * MINUTE);
  });

  it('comes together for the events for which the same is due', () => {
    const events = [event(), event({ place: 1, toldAtMs: MINUTE }), event({ place: 2, toldAtMs: 20 * MINUTE })];
    expect(dueWork({ stepsMs: [15 * MINUTE] }, events, at(16))).toEqual({
      waves: [{ kind: 'escalated', n: 1, of: 1, places: [0, 1] }],
      nextAtMs: 35 * MINUTE,
    });
  });

  it('loses no step and tells none twice, whenever it is looked at', () => {
    const looks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 30, maxLength: 60 });
    const steps = fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(looks, steps, fc.integer({ min: 1, max: 10 }), (gaps, minutes, times) => {
        const plan: EscalationTimes = {
          stepsMs: minutes.toSorted((a, b) => a - b).map((minute) => minute * MINUTE),
          repeat: { everyMs: 7 * MINUTE, times },
        };
        const done = { escalated: [] as number[], repeated: [] as number[] };
        let now = 0;
        for (const gap of [...gaps, 1_000]) {
          now += gap;
          const cared = event({ stepsDone: done.escalated.at(-1) ?? 0, repeatsDone: done.repeated.at(-1) ?? 0 });
          const { waves, nextAtMs } = dueWork(plan, [cared], at(now));
          for (const { kind, n } of waves) done[kind].push(n);
          expect(nextAtMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now * MINUTE);
        }
        expect(done.escalated).toEqual(plan.stepsMs.map((_, index) => index + 1));
        expect(done.repeated).toEqual([...new Set(done.repeated)].toSorted((a, b) => a - b));
        expect(done.repeated.at(-1)).toBe(times);
      }),
    );
  });
});
