import { digestOf, timePart } from '../domain/ids.ts';
import { MAX_MESSAGE_BYTES } from '../domain/message-size.ts';
import type { OutgoingMessage, QueueName } from '../ports/queue.ts';
import type { WriteOp } from '../ports/table-store.ts';

/** After that many attempts a message goes to the dead letters. */
export const MAX_ATTEMPTS = 12;
/** No wait between two attempts is longer, whatever a stage asks for. */
export const MAX_BACKOFF_MS = 5 * 60_000;

const FIRST_BACKOFF_MS = 1_000;
// A stage knows best how long to wait; only what keeps coming back is slowed down.
const PATIENT_ATTEMPTS = 3;

/** What must happen to one message of a batch. */
export type Fate =
  | { kind: 'done' }
  | { kind: 'again'; body: string; delayMs: number; reason: string }
  | { kind: 'dead'; body: string; reason: string };

/** A message that is not finished; its `attempt` is 0 on the first try. */
export interface Failure {
  message: { attempt: number };
  reason: string;
  /** Absent when the stage failed and asked for nothing. */
  delayMs?: number;
}

/** Waiting time after this attempt, the first being 0: 1 s, 2 s, 4 s ... at most {@link MAX_BACKOFF_MS}. */
export const backoffMs = (attempt: number): number => Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);

const waitMs = ({ message, delayMs }: Failure): number => {
  if (delayMs === undefined) return backoffMs(message.attempt);
  const least = message.attempt >= PATIENT_ATTEMPTS ? backoffMs(message.attempt) : 0;
  return Math.min(MAX_BACKOFF_MS, Math.max(least, delayMs));
};

/** Another attempt later, or the dead letters when there were {@link MAX_ATTEMPTS}. */
export const fateOf = (failure: Failure): Fate => {
  const { message, reason } = failure;
  if (message.attempt + 1 >= MAX_ATTEMPTS)
    return { kind: 'dead', body: JSON.stringify(message), reason: `${MAX_ATTEMPTS} attempts: ${reason}` };
  const body = JSON.stringify({ ...message, attempt: message.attempt + 1 });
  // One digit more can be one byte too many; a send that is refused for ever would hold up its whole batch.
  if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES)
    return { kind: 'dead', body: JSON.stringify(message), reason: `too long to come again: ${reason}` };
  return { kind: 'again', body, delayMs: waitMs(failure), reason };
};

/** The row that keeps a dead message: partition the queue, sorted by the time of death. Written again it is the same letter. */
export const deadLetterRow = (queue: QueueName, dead: { body: string; reason: string }, atMs: number): WriteOp => ({
  kind: 'put',
  table: 'deadletters',
  pk: queue,
  sk: `${timePart(atMs)}-${digestOf(queue, dead.body)}`,
  body: JSON.stringify({ queue, atMs, reason: dead.reason, body: dead.body }),
  when: 'any',
});

/** The message that brings the work back after its delay. */
export const comesAgain = (queue: QueueName, fate: { body: string; delayMs: number }): OutgoingMessage => ({
  queue,
  body: fate.body,
  delayMs: fate.delayMs,
});
