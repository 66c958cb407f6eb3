import type { MessageVerdict } from '../adapters/local/consumer.ts';
import type { LocalQueue } from '../adapters/local/local-queue.ts';
import { CHANNEL_NAMES } from '../channels/registry.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { QueueName, ReceivedMessage } from '../ports/queue.ts';
import { backoffMs, deadLetterRow } from '../runtime/message-fate.ts';
import { isOutage } from '../stages/outage.ts';
import { callContext, type FunctionBundles, type FunctionName } from './function-bundles.ts';
import { queueTriggerEvent } from './trigger-events.ts';

/** Which queue feeds which function, and how much of it at once. */
export interface QueueTrigger {
  queue: QueueName;
  function: FunctionName;
  /** Messages a call at most. */
  max: number;
  /** Characters in the bodies of a call with several messages, at most. */
  maxChars: number;
  /** Calls at the same time at most. */
  concurrency: number;
  /** Of them so many that are quick. */
  quickCalls: number;
}

const MAX_MESSAGES = 32;
/**
 * What is in hand should be little: it lies in the memory of the thread, and the garbage collector copies it. But four calls at a time, so
 * that some compute while others wait for the disk, and what they write shares transactions.
 */
const STAGE = { max: MAX_MESSAGES, maxChars: 98_304, concurrency: 8, quickCalls: 4 };
/** Two calls of what is larger in memory. Providers take their time; one that hangs must not keep the others waiting. */
const DELIVERY = { max: 4, maxChars: 131_072, concurrency: 32, quickCalls: 2 };

const DELIVERY_TRIGGERS = [...CHANNEL_NAMES].map(
  (channel): QueueTrigger => ({ queue: `deliver-${channel}`, function: `deliver-${channel}`, ...DELIVERY }),
);

/** The queue triggers of this machine. */
export const QUEUE_TRIGGERS: readonly QueueTrigger[] = [
  { queue: 'events', function: 'match', ...STAGE },
  { queue: 'notifications', function: 'fanout', ...STAGE },
  ...DELIVERY_TRIGGERS,
];

// The functions count attempts themselves and re-send what failed. A hand-over that is never acknowledged means that the
// process died meanwhile, be it of this message, of another one that was in hand, or by a kill from outside. After so many it
// is suspected and handed over alone, another one first in each life, so that only a killer can come to the second number.
const SUSPECT_HAND_OVERS = 20;
const MAX_HAND_OVERS = 100;
// Nobody else can hold a message while this process lives, so the only use of the limit is to be longer than any call.
const VISIBILITY_MS = 3_600_000;

const MAX_OUTAGE_WAIT_MS = 30_000;

/** Another thread that has the same functions, and whether it has time for them now. */
interface Helper {
  functions: FunctionBundles;
  rests: () => boolean;
}

/** What the pumps need. */
export interface PumpPorts {
  queue: LocalQueue;
  outbox: Outbox;
  clock: Clock;
  logger: Logger;
  functions: FunctionBundles;
  /** Absent when there is none. */
  helper?: Helper;
}

const ACK: MessageVerdict = { kind: 'ack' };

const giveUp = async (ports: PumpPorts, queue: QueueName, killers: readonly ReceivedMessage[]): Promise<void> => {
  const reason = `handed over ${MAX_HAND_OVERS} times and never finished`;
  ports.logger.error('message given up', { queue, reason, messages: killers.length });
  const atMs = ports.clock.nowMs();
  await ports.outbox.commit(
    killers.map(({ body }) => deadLetterRow(queue, { body, reason }, atMs)),
    [],
  );
};

/** The same messages, beginning with another one in each life of the process. */
const inTurn = (suspects: readonly ReceivedMessage[]): readonly ReceivedMessage[] => {
  const first = (suspects[0]?.attempt ?? 0) % Math.max(1, suspects.length);
  return [...suspects.slice(first), ...suspects.slice(0, first)];
};

const call = async (ports: PumpPorts, trigger: QueueTrigger, messages: readonly ReceivedMessage[]): Promise<void> => {
  const fresh = messages.filter(({ attempt }) => attempt <= SUSPECT_HAND_OVERS);
  const suspects = messages.filter(({ attempt }) => attempt > SUSPECT_HAND_OVERS && attempt <= MAX_HAND_OVERS);
  const killers = messages.filter(({ attempt }) => attempt > MAX_HAND_OVERS);
  if (killers.length > 0) await giveUp(ports, trigger.queue, killers);
  const calls = [...(fresh.length > 0 ? [fresh] : []), ...inTurn(suspects).map((suspect) => [suspect])];
  for (const together of calls)
    await ports.functions(trigger.function)(queueTriggerEvent(together), callContext(trigger.function));
};

/** An outage is no message's fault, however long it lasts: no hand-over of that time counts towards giving up. */
const putBack = (error: unknown, { attempt }: ReceivedMessage, outages: number): MessageVerdict =>
  isOutage(error)
    ? { kind: 'release', delayMs: Math.min(MAX_OUTAGE_WAIT_MS, backoffMs(outages - 1)), uncounted: true }
    : { kind: 'release', delayMs: backoffMs(attempt - 1) };

const handle = (ports: PumpPorts, trigger: QueueTrigger) => {
  let outages = 0;
  return async (messages: readonly ReceivedMessage[]): Promise<MessageVerdict[]> => {
    try {
      await call(ports, trigger, messages);
      outages = 0;
      return messages.map(() => ACK);
    } catch (error) {
      outages += 1;
      ports.logger.warn('batch put back', { queue: trigger.queue, messages: messages.length, error });
      return messages.map((message) => putBack(error, message, outages));
    }
  };
};

/** What waits for a delivery function while this thread is at work on as much as it should, the helper takes. */
const startHelp = (ports: PumpPorts, { functions, rests }: Helper): (() => Promise<void>)[] =>
  DELIVERY_TRIGGERS.map((trigger) => {
    const options = { ...trigger, concurrency: trigger.quickCalls, visibilityMs: VISIBILITY_MS, when: rests };
    return ports.queue.consume(trigger.queue, options, handle({ ...ports, functions }, trigger));
  });

/** Feeds every queue to its function; the result stops that and resolves when the calls in hand are over. */
export const startPumps = (ports: PumpPorts): (() => Promise<void>) => {
  const stops = QUEUE_TRIGGERS.map((trigger) =>
    ports.queue.consume(trigger.queue, { ...trigger, visibilityMs: VISIBILITY_MS }, handle(ports, trigger)),
  );
  if (ports.helper !== undefined) stops.push(...startHelp(ports, ports.helper));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
};
