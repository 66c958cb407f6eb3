import type { WaveKind } from './ack.ts';

/** The times of a plan, all counted from the first telling. */
export interface EscalationTimes {
  /** After how long each step is due, soonest first. */
  stepsMs: readonly number[];
  repeat?: { everyMs: number; times: number } | undefined;
}

/** How one event stands for its rule: told at an instant, failed for good at an instant, or neither yet. */
export interface CaredEvent {
  /** Its place in the batch. */
  place: number;
  toldAtMs?: number;
  /** Nobody was told, and nobody will be. */
  failedAtMs?: number;
  stepsDone: number;
  repeatsDone: number;
}

/** A step or repeat that is due, and the events that it is due for. */
export interface DueWave {
  kind: WaveKind;
  n: number;
  of: number;
  places: number[];
}

/** What is due now, and when something may be due next; no such instant when nothing is to come. */
export interface DueWork {
  waves: DueWave[];
  nextAtMs?: number;
}

/** What still waits to be told is looked at again after that long at the soonest. */
const MIN_LOOK_MS = 60_000;
/** A step is late by a quarter of the age of what waited at most, and never by more than the shortest time of the plan. */
const LOOKS_PER_AGE = 4;

const waitMs = ({ stepsMs, repeat }: EscalationTimes, ageMs: number): number => {
  const shortestMs = Math.min(stepsMs[0] ?? Number.POSITIVE_INFINITY, repeat?.everyMs ?? Number.POSITIVE_INFINITY);
  return Math.max(MIN_LOOK_MS, Math.min(shortestMs, ageMs / LOOKS_PER_AGE));
};

/** The instant from which steps count: when nobody was told, the first step is due at once. */
const stepsFromMs = ({ stepsMs }: EscalationTimes, { toldAtMs, failedAtMs }: CaredEvent): number | undefined =>
  toldAtMs ?? (failedAtMs === undefined ? undefined : failedAtMs - (stepsMs[0] ?? 0));

interface Found {
  /** Numbers that are due now. */
  due: readonly number[];
  nextAtMs?: number | undefined;
}

const NOTHING: Found = { due: [] };

const stepsOf = (times: EscalationTimes, event: CaredEvent, nowMs: number): Found => {
  const fromMs = stepsFromMs(times, event);
  if (fromMs === undefined) return NOTHING;
  const left = times.stepsMs.map((afterMs, at) => ({ n: at + 1, atMs: fromMs + afterMs })).slice(event.stepsDone);
  const due = left.filter(({ atMs }) => atMs <= nowMs).map(({ n }) => n);
  return { due, nextAtMs: left.find(({ atMs }) => atMs > nowMs)?.atMs };
};

/** Of several repeats that are due, because nobody could look for a while, only the last is told. */
const repeatsOf = ({ repeat }: EscalationTimes, event: CaredEvent, nowMs: number): Found => {
  const fromMs = event.toldAtMs ?? event.failedAtMs;
  if (repeat === undefined || fromMs === undefined) return NOTHING;
  const n = Math.min(repeat.times, Math.floor((nowMs - fromMs) / repeat.everyMs));
  const due = n > event.repeatsDone ? [n] : [];
  const next = Math.max(n, event.repeatsDone) + 1;
  return { due, nextAtMs: next > repeat.times ? undefined : fromMs + next * repeat.everyMs };
};

class Waves {
  readonly all: DueWave[] = [];

  add(kind: WaveKind, found: { due: readonly number[]; of: number }, place: number): void {
    for (const n of found.due) {
      const known = this.all.find((wave) => wave.kind === kind && wave.n === n);
      if (known === undefined) this.all.push({ kind, n, of: found.of, places: [place] });
      else known.places.push(place);
    }
  }
}

/**
 * What is due for events that nobody has acknowledged. Time counts from the instant at which people were told first; what failed for good
 * is due at once; what still waits is due later and is looked at again.
 */
export const dueWork = (
  times: EscalationTimes,
  events: readonly CaredEvent[],
  { nowMs, ageMs }: { nowMs: number; ageMs: number },
): DueWork => {
  const waves = new Waves();
  const next: number[] = [];
  for (const event of events) {
    const steps = stepsOf(times, event, nowMs);
    const repeats = repeatsOf(times, event, nowMs);
    waves.add('escalated', { due: steps.due, of: times.stepsMs.length }, event.place);
    waves.add('repeated', { due: repeats.due, of: times.repeat?.times ?? 0 }, event.place);
    const isWaiting = event.toldAtMs === undefined && event.failedAtMs === undefined;
    const nexts = [steps.nextAtMs, repeats.nextAtMs, isWaiting ? nowMs + waitMs(times, ageMs) : undefined];
    next.push(...nexts.filter((atMs) => atMs !== undefined));
  }
  return { waves: waves.all, ...(next.length === 0 ? {} : { nextAtMs: Math.min(...next) }) };
};
