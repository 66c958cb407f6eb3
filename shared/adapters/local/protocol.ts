import type { MessagePort } from 'node:worker_threads';

/**
 * What crosses the thread between {@link WorkerClient} and the store worker. Compact tuples, because everything is cloned
 * once on each side; the order of the fields is the whole contract.
 */

/** Table by its position in TABLES, partition key, sort key. */
export type KeyTuple = [table: number, pk: string, sk: string];

/** One stored row. */
export type RowTuple = [pk: string, sk: string, version: number, body: string];

/** Condition codes of a write; any number above zero is the version that the row must have. */
export const ANY = -1;
/** The row must be absent. */
export const ABSENT = 0;

/** One write; the body is null for a delete. */
export type WriteTuple = [table: number, pk: string, sk: string, condition: number, body: string | null];

/** Version of a write whose condition did not hold. */
export const REFUSED = -1;

/** One message; an attempt of 1 means that it is inserted already claimed. `dueMs` is 0 when it is not delayed. */
export type PushTuple = [id: number, queue: string, attempt: number, dueMs: number, body: string];

/** What the consumer decided about messages of one queue. */
export interface Settlement {
  done: number[];
  /** Attempts that do not count are taken back. */
  later: [id: number, dueMs: number, uncounted: number][];
  dead: [id: number, reason: string, atMs: number][];
}

/** Operations that change nothing; they run first and are answered before the transaction starts. */
export type ReadOp =
  | ['get', KeyTuple[]]
  | ['range', table: number, pk: string, from: string, to: string | null, limit: number, reverse: boolean]
  | ['scan', table: number, after: [pk: string, sk: string] | null, limit: number, reverse: boolean]
  | ['dead', queue: string, limit: number];

/** Operations of the transaction; each takes effect as a whole or not at all. */
export type ChangeOp = ['commit', WriteTuple[], PushTuple[]] | ['claim', ids: number[]] | ['settle', Settlement];

/** Rows of a `claim`, in the order of the ids. */
export type ClaimedTuple = [id: number, attempt: number, body: string];

/** Rows of `dead`. */
export type DeadTuple = [id: number, body: string, reason: string];

/** Answer to one operation: 1 and its value, or 0 and the words of the failure. */
export type Reply = [ok: 1, value: unknown] | [ok: 0, reason: string];

/** From a client: a batch. */
export interface ToWorker {
  reads: ReadOp[];
  changes: ChangeOp[];
}

/** One message that another client put on a queue; an attempt of 1 means that it is claimed already, and only then the body comes along. */
export type ArrivedTuple = [id: number, queue: string, attempt: number, dueMs: number, body: string];

/** One way to the worker for one thread. */
export interface StoreConnection {
  port: MessagePort;
  /** First message id that this client may use. */
  firstId: number;
  /** Present for the client that consumes: what it shares with the other threads, how many of their messages it takes unasked and how many wait besides; see Room. */
  room?: Int32Array;
}

/** From who started the worker: another client, or the end. */
export type ToWorkerControl = { kind: 'connect'; port: MessagePort; room?: Int32Array } | { kind: 'close' };

/** What waits in the queues when the store is opened. */
export interface OpenState {
  /** First message id that was never used before. */
  nextId: number;
  queues: QueueSnapshot[];
}

/** The undelivered messages of one queue: runs of neighbouring ids [first, last, first, last, ...], delayed ones apart. */
export interface QueueSnapshot {
  queue: string;
  runs: number[];
  delayed: [id: number, dueMs: number][];
  dead: number;
}

/** From the worker to a client. A batch with both halves is answered by `reads` first, then by `changes`. */
export type FromWorker =
  | { kind: 'reads'; replies: Reply[] }
  | { kind: 'changes'; replies: Reply[] }
  | { kind: 'arrived'; messages: ArrivedTuple[] };

/** From the worker to who started it. */
export type FromWorkerControl =
  | { kind: 'opened'; state: OpenState }
  | { kind: 'failed'; locked: boolean; reason: string };

/** How the worker is started. */
export interface WorkerSettings {
  dataDir: string;
  /** Ceiling of the main file in pages, to test a full disk; 0 for none. */
  maxPages: number;
}
