// A process of its own: the webhook receiver, which knows for each event whether it came once, never or more than once.
import { openSink } from '../support/sink.ts';
import { numberIn } from './events.ts';
import {
  monotonicMs,
  type ReceiverAnswer,
  type ReceiverOrder,
  type TotalOfPath,
  type WatchPlan,
  type WatchResult,
} from './load-messages.ts';

const KEPT_NUMBERS = 20;
const POLL_MS = 5;
/** After the last event it listens on for that long, so that a repeated one is seen. */
const QUIET_MS = 150;

let plan: WatchPlan = { from: 0, count: 0, targets: 1 };
let arrivedMs = new Float64Array(0);
let arrived = 0;
let duplicates = 0;
let duplicateNumbers: number[] = [];
let requests = 0;
const totals = new Map<string, number>();

const watch = (next: WatchPlan): void => {
  plan = next;
  arrivedMs = new Float64Array(next.count * next.targets);
  arrived = 0;
  duplicates = 0;
  duplicateNumbers = [];
  requests = 0;
  totals.clear();
};

const placeOf = (path: string, number: number): number =>
  (number - plan.from) * plan.targets + (plan.targets === 1 ? 0 : Number(path.slice(path.lastIndexOf('/') + 1)));

const note = (path: string, body: Buffer): void => {
  const number = numberIn(body);
  const place = placeOf(path, number);
  if (number < plan.from || arrivedMs[place] === undefined) return;
  if (arrivedMs[place] === 0) {
    arrivedMs[place] = monotonicMs();
    arrived += 1;
    return;
  }
  duplicates += 1;
  if (duplicateNumbers.length < KEPT_NUMBERS) duplicateNumbers.push(number);
};

const TOTAL = Buffer.from('"total":');

const addTotal = (path: string, body: Buffer): void => {
  const at = body.indexOf(TOTAL);
  const total = at === -1 ? 1 : Number.parseInt(body.toString('latin1', at + TOTAL.length, at + TOTAL.length + 12), 10);
  totals.set(path, (totals.get(path) ?? 0) + total);
};

const sink = await openSink(({ path, body }) => {
  requests += 1;
  // Only a run that is about merged messages watches no single event.
  if (plan.count === 0) addTotal(path, body);
  else note(path, body);
});

const seen = (): WatchResult => {
  const missingNumbers: number[] = [];
  for (let at = 0; at < arrivedMs.length && missingNumbers.length < KEPT_NUMBERS; at += 1) {
    if (arrivedMs[at] === 0) missingNumbers.push(plan.from + Math.floor(at / plan.targets));
  }
  return {
    arrivedMs,
    missing: arrivedMs.length - arrived,
    duplicates,
    missingNumbers,
    duplicateNumbers,
    requests,
    connections: sink.connections(),
  };
};

const tell = (answer: ReceiverAnswer): void => {
  process.send?.(answer);
};

const waitForAll = (timeoutMs: number): void => {
  const deadlineMs = monotonicMs() + timeoutMs;
  const look = (): void => {
    if (arrived === arrivedMs.length) setTimeout(() => tell({ answer: 'seen', result: seen() }), QUIET_MS);
    else if (monotonicMs() > deadlineMs) tell({ answer: 'seen', result: seen() });
    else setTimeout(look, POLL_MS);
  };
  look();
};

const totalsOfPaths = (): TotalOfPath[] => [...totals].map(([path, total]) => ({ path, total }));

process.on('message', (message: ReceiverOrder) => {
  if (message.order === 'wait') {
    waitForAll(message.timeoutMs);
    return;
  }
  if (message.order === 'watch') {
    watch(message.plan);
    tell({ answer: 'watching' });
    return;
  }
  tell(message.order === 'count' ? { answer: 'counted', requests } : { answer: 'totals', totals: totalsOfPaths() });
});
process.on('disconnect', () => process.exit());
tell({ answer: 'listening', port: sink.port });
