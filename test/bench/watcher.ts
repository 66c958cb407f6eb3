import { numberIn } from './events.ts';
import type { TotalOfPath, WatchPlan, WatchResult } from './load-messages.ts';

const KEPT_NUMBERS = 20;
const TOTAL = Buffer.from('"total":');
const MAX_TOTAL_DIGITS = 12;

/** Knows for each event of a plan whether it came once, never or more than once. */
export interface Watcher {
  /** Takes one message that arrived at that instant. */
  note(message: { path: string; body: Buffer; atMs: number }): void;
  complete(): boolean;
  result(): Omit<WatchResult, 'connections'>;
  /** Sums of the totals told on each path, for runs about merged messages. */
  totals(): TotalOfPath[];
}

const targetOf = (path: string): number => Number(path.slice(path.lastIndexOf('/') + 1));

const totalIn = (body: Buffer): number => {
  const at = body.indexOf(TOTAL);
  const start = at + TOTAL.length;
  return at === -1 ? 1 : Number.parseInt(body.toString('latin1', start, start + MAX_TOTAL_DIGITS), 10);
};

const keep = (numbers: number[], number: number): void => {
  if (numbers.length < KEPT_NUMBERS) numbers.push(number);
};

/** Watches for the events of the plan; a plan of no events only adds up what merged messages tell. */
export const createWatcher = (plan: WatchPlan): Watcher => {
  const arrivedMs = new Float64Array(plan.count * plan.targets);
  const duplicateNumbers: number[] = [];
  const totals = new Map<string, number>();
  let arrived = 0;
  let duplicates = 0;
  let strangers = 0;
  let requests = 0;

  const placeOf = (path: string, number: number): number | undefined => {
    const target = plan.targets === 1 ? 0 : targetOf(path);
    const place = (number - plan.from) * plan.targets + target;
    return number >= plan.from && target < plan.targets && place < arrivedMs.length ? place : undefined;
  };
  const noteEvent = (place: number, number: number, atMs: number): void => {
    if (arrivedMs[place] === 0) {
      arrivedMs[place] = atMs;
      arrived += 1;
      return;
    }
    duplicates += 1;
    keep(duplicateNumbers, number);
  };

  return {
    note: ({ path, body, atMs }) => {
      requests += 1;
      if (plan.count === 0) {
        totals.set(path, (totals.get(path) ?? 0) + totalIn(body));
        return;
      }
      const number = numberIn(body);
      const place = placeOf(path, number);
      if (place === undefined) strangers += 1;
      else noteEvent(place, number, atMs);
    },
    complete: () => arrived === arrivedMs.length,
    result: () => {
      const missingNumbers: number[] = [];
      for (const [place, atMs] of arrivedMs.entries()) {
        if (atMs === 0) keep(missingNumbers, plan.from + Math.floor(place / plan.targets));
      }
      const missing = arrivedMs.length - arrived;
      return { arrivedMs, missing, duplicates, strangers, missingNumbers, duplicateNumbers, requests };
    },
    totals: () => [...totals].map(([path, total]) => ({ path, total })),
  };
};
