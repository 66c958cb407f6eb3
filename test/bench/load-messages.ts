/** What the load generator is asked to send; event numbers run from `from` to `from + count - 1`. */
export interface LoadPlan {
  form: 'cloudmonitor' | 'alertmanager';
  port: number;
  path: string;
  /** Bearer token; absent when the receiver wants none. */
  token?: string;
  from: number;
  count: number;
  /** Events a request. */
  batch: number;
  connections: number;
  /** How many kinds of events take turns. */
  kinds: number;
  /** Instant of event number 0; each number is a millisecond later. */
  baseMs: number;
  /** Requests a second, evenly spaced; absent: each connection sends as soon as its last request was answered. */
  requestsPerSecond?: number;
}

/** What the load generator saw. Instants are milliseconds of the machine's monotonic clock, equal in all processes. */
export interface LoadResult {
  /** Per request: when it was due to go out. */
  sentMs: Float64Array;
  /** Per request: when its answer had come. */
  answeredMs: Float64Array;
  /** Requests that were not answered with 2xx, and the first such answer. */
  failures: number;
  firstFailure: string;
}

/** What the sink watches for: every event once on each of `targets` paths `/hook/<number>`, or once on any path. */
export interface WatchPlan {
  from: number;
  count: number;
  targets: number;
}

/** What the sink saw. */
export interface WatchResult {
  /** Per event (and target): when it arrived first; 0 when it never did. */
  arrivedMs: Float64Array;
  missing: number;
  duplicates: number;
  /** Messages about events that are not watched, such as a late repetition of an earlier run's event. */
  strangers: number;
  /** Some of the numbers of missing and of repeated events. */
  missingNumbers: number[];
  duplicateNumbers: number[];
  requests: number;
  connections: number;
}

/** What a merged message said: on which path and how many events in all. */
export interface TotalOfPath {
  path: string;
  total: number;
}

/** Orders to the load generator. */
export type GeneratorOrder = { order: 'prepare'; plan: LoadPlan } | { order: 'go' };

/** Answers of the load generator. */
export type GeneratorAnswer = { answer: 'prepared' } | { answer: 'sent'; result: LoadResult };

/** Orders to the sink; `wait` is answered when everything arrived and it stayed quiet, or when the time is over. */
export type ReceiverOrder =
  | { order: 'watch'; plan: WatchPlan }
  | { order: 'wait'; timeoutMs: number }
  | { order: 'totals' };

/** Answers of the sink. */
export type ReceiverAnswer =
  | { answer: 'listening'; port: number }
  | { answer: 'watching' }
  | { answer: 'seen'; result: WatchResult }
  | { answer: 'totals'; totals: TotalOfPath[] };

/** Milliseconds of the machine's monotonic clock. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
