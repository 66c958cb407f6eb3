import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaryTimes, dueSlotMs } from '../../shared/domain/canary-schedule.ts';
import type { CanaryRun, CanaryState } from '../../shared/domain/canary-state.ts';
import { afterLook, type Sight, settledRun, withRun } from '../../shared/domain/canary-turn.ts';

const MINUTE = 60_000;

const run = (over: Partial<CanaryRun> = {}): CanaryRun => ({
  event: 'evt_a',
  by: 'schedule',
  sentAtMs: 0,
  dueMs: 5 * MINUTE,
  status: 'under-way',
  ...over,
});

/** When canaries are sent by a timer that looks at these distances, each time twice. */
const sentBy = (everyMs: number, startMs: number, distances: readonly number[]): { sent: number[]; endMs: number } => {
  const sent: number[] = [];
  let nowMs = startMs;
  let last: number | undefined;
  for (const distance of distances) {
    for (const due of [dueSlotMs(everyMs, nowMs, last)].filter((slot) => slot !== undefined)) {
      sent.push(nowMs);
      last = due;
    }
    expect(dueSlotMs(everyMs, nowMs, last)).toBeUndefined();
    nowMs += distance;
  }
  return { sent, endMs: nowMs };
};

describe('the times of the canary', () => {
  it('are a quarter of an hour and five minutes unless the settings say otherwise', () => {
    expect(canaryTimes()).toEqual({ everyMs: 15 * MINUTE, deadlineMs: 5 * MINUTE });
    expect(canaryTimes({ every: '2h', deadline: '90s' })).toEqual({ everyMs: 120 * MINUTE, deadlineMs: 90_000 });
  });

  it('are a minute at least, and the deadline is never longer than the distance of two canaries', () => {
    expect(canaryTimes({ every: '5s' })).toEqual({ everyMs: MINUTE, deadlineMs: MINUTE });
    expect(canaryTimes({ every: '10m', deadline: '1h' })).toEqual({ everyMs: 10 * MINUTE, deadlineMs: 10 * MINUTE });
    expect(canaryTimes({ every: '0m', deadline: '0s' })).toEqual({ everyMs: 15 * MINUTE, deadlineMs: 5 * MINUTE });
  });

  it('make one due in each span, and never two, however unevenly timers look', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 3 * MINUTE }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), steps, fc.nat(), (minutes, distances, startMs) => {
        const everyMs = minutes * MINUTE;
        const { sent, endMs } = sentBy(everyMs, startMs, distances);
        const spans = sent.map((atMs) => Math.floor(atMs / everyMs));
        expect(new Set(spans).size).toBe(spans.length);
        const longest = everyMs + Math.max(...distances);
        const gaps = [...sent, endMs].slice(1).map((atMs, at) => atMs - (sent[at] ?? 0));
        expect(Math.max(0, ...gaps)).toBeLessThanOrEqual(longest);
      }),
      { numRuns: 300 },
    );
  });
});

const fault = { stage: 'matching' as const, targets: [] };

describe('one canary', () => {
  it('has arrived when the last provider said yes before the deadline, whenever that is looked at', () => {
    expect(settledRun(run(), { kind: 'arrived', atMs: 900 }, 60 * MINUTE)).toMatchObject({
      status: 'arrived',
      latencyMs: 900,
    });
    expect(settledRun(run(), { kind: 'arrived', atMs: 5 * MINUTE + 1 }, 6 * MINUTE)).toMatchObject({
      status: 'missing',
      fault: { stage: 'late' },
    });
  });

  it('is missing when it cannot arrive any more, or at its deadline', () => {
    expect(settledRun(run(), { kind: 'failed', fault }, 1)).toMatchObject({ status: 'missing', fault });
    expect(settledRun(run(), { kind: 'under-way', fault }, 5 * MINUTE - 1)).toEqual(run());
    expect(settledRun(run(), { kind: 'under-way', fault }, 5 * MINUTE)).toMatchObject({ status: 'missing', fault });
  });

  it('keeps its end', () => {
    const ended = run({ status: 'missing' });
    expect(settledRun(ended, { kind: 'arrived', atMs: 1 }, 2)).toBe(ended);
  });
});

interface Step {
  sends: boolean;
  fate: 'arrives' | 'lost' | 'waits';
  minutes: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  sends: fc.boolean(),
  fate: fc.constantFrom('arrives' as const, 'lost' as const, 'waits' as const),
  minutes: fc.integer({ min: 0, max: 4 }),
});

/** Canaries and what becomes of them, one look after the other. */
class Story {
  nowMs = 1;
  state: CanaryState | undefined;
  readonly said: string[] = [];
  readonly #fates = new Map<string, Step['fate']>();

  take({ sends, fate, minutes }: Step): void {
    if (sends || this.state === undefined) this.#send(fate);
    this.nowMs += minutes * MINUTE + 1;
    if (this.state !== undefined) this.#look(this.state);
  }

  #send(fate: Step['fate']): void {
    const event = `evt_${this.#fates.size}`;
    this.#fates.set(event, fate);
    this.state = withRun(this.state, run({ event, sentAtMs: this.nowMs, dueMs: this.nowMs + 5 * MINUTE }));
  }

  #sightOf(event: string): Sight {
    const fate = this.#fates.get(event);
    if (fate === 'arrives') return { kind: 'arrived', atMs: this.nowMs };
    return { kind: fate === 'lost' ? 'failed' : 'under-way', fault };
  }

  #look(before: CanaryState): void {
    const sights = new Map(before.runs.map(({ event }): [string, Sight] => [event, this.#sightOf(event)]));
    const next = afterLook(before, sights, this.nowMs);
    const missing = (state: CanaryState): number => state.runs.filter(({ status }) => status === 'missing').length;
    if (before.outage === undefined && missing(next) > missing(before)) expect(next.outage).toBeDefined();
    if (next.notice === undefined) expect(afterLook(next, sights, this.nowMs)).toBe(next);
    else this.said.push(next.notice.kind);
    const { notice: _, ...rest } = next;
    this.state = rest;
  }
}

describe('what is said about canaries', () => {
  it('alternates: one alarm, then one word that they arrive again, never two of a kind', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const story = new Story();
        for (const one of steps) story.take(one);
        expect(story.said).toEqual(story.said.map((_, at) => (at % 2 === 0 ? 'missing' : 'recovered')));
      }),
      { numRuns: 300 },
    );
  });

  it('waits while a word is still to be sent', () => {
    const state = afterLook(withRun(undefined, run()), new Map([['evt_a', { kind: 'failed', fault }]]), 1);
    expect(state.notice?.kind).toBe('missing');
    const later = withRun(state, run({ event: 'evt_b', sentAtMs: 2 }));
    expect(afterLook(later, new Map([['evt_b', { kind: 'arrived', atMs: 3 }]]), 4)).toBe(later);
  });

  it('remembers fifty, and whatever may still arrive', () => {
    let state: CanaryState | undefined;
    for (let at = 0; at < 80; at += 1)
      state = withRun(
        state,
        run({ event: `evt_${at}`, sentAtMs: at, dueMs: at < 5 ? 1_000 : at, status: at < 5 ? 'under-way' : 'arrived' }),
      );
    expect(state?.runs).toHaveLength(55);
    expect(state?.sinceMs).toBe(0);
  });
});
