import { redactText } from '../domain/redact.ts';
import type { Handled } from '../stages/handled.ts';
import { isOutage } from '../stages/outage.ts';
import type { Deadline } from './deadline.ts';
import { type Failure, type Fate, fateOf } from './message-fate.ts';

/** A stage as a queue function runs it: one entry per message, in order. */
export type QueueStage<M> = (messages: readonly M[]) => Promise<readonly Handled[]>;

/** What is run, and until when. */
interface Run<M> {
  stage: QueueStage<M>;
  deadline: Deadline;
}

const DONE: Fate = { kind: 'done' };

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return redactText(`${code}: ${error.message}`);
};

const missing: Handled = { kind: 'again', delayMs: 0, reason: 'the stage gave no result for this message' };

const failureOf = (message: { attempt: number }, handled: Handled): Failure | undefined =>
  handled.kind === 'done' ? undefined : { message, reason: handled.reason, delayMs: handled.delayMs };

const fateOfHandled = (message: { attempt: number }, handled: Handled): Fate => {
  const failure = failureOf(message, handled);
  return failure === undefined ? DONE : fateOf(failure);
};

const late = (message: { attempt: number }): Fate =>
  fateOf({ message, reason: 'out-of-time: the function had to end before this message was done' });

/** No attempt was made, so none is counted. */
const notBegun = (message: object): Fate => ({
  kind: 'again',
  body: JSON.stringify(message),
  delayMs: 0,
  reason: 'out-of-time: the function had to end before this message had its turn',
});

const runTogether = async <M extends { attempt: number }>(
  { stage, deadline }: Run<M>,
  messages: readonly M[],
): Promise<Fate[]> => {
  const handled = await deadline.race(stage(messages));
  if (handled === 'late') return messages.map(late);
  return messages.map((message, index) => fateOfHandled(message, handled[index] ?? missing));
};

const runAlone = async <M extends { attempt: number }>(run: Run<M>, message: M): Promise<Fate> => {
  if (run.deadline.isOver()) return notBegun(message);
  try {
    return (await runTogether(run, [message]))[0] ?? DONE;
  } catch (error) {
    if (isOutage(error)) throw error;
    return fateOf({ message, reason: reasonOf(error) });
  }
};

const runOneByOne = async <M extends { attempt: number }>(run: Run<M>, messages: readonly M[]): Promise<Fate[]> => {
  const fates: Fate[] = [];
  for (const message of messages) fates.push(await runAlone(run, message));
  return fates;
};

/**
 * What becomes of each message, in order: together when none is poison, else each by itself. What is not done when time is up comes
 * again. Throws only for an outage, which no message is to blame for.
 */
export const runMessages = async <M extends { attempt: number }>(
  run: Run<M>,
  messages: readonly M[],
): Promise<Fate[]> => {
  if (messages.length < 2) return runOneByOne(run, messages);
  try {
    return await runTogether(run, messages);
  } catch (error) {
    if (isOutage(error)) throw error;
    // One of them is poison: alone it harms nobody else.
    return runOneByOne(run, messages);
  }
};
