import middy from '@middy/core';
import type * as z from 'zod/mini';
import type { QueueName } from '../ports/queue.ts';
import { deadlineOf } from './deadline.ts';
import { failureLog } from './failure-log.ts';
import type { FunctionContext, FunctionHandler } from './function-context.ts';
import { comesAgain, deadLetterRow, type Fate } from './message-fate.ts';
import { oncePerPlatform, type Platform } from './platform.ts';
import { type QueueItem, readQueueEvent } from './queue-envelope.ts';
import { type QueueStage, runMessages } from './queue-run.ts';

/** What a queue function is made of. */
export interface QueueFunctionSpec<M extends { attempt: number }> {
  queue: QueueName;
  schema: z.ZodMiniType<M>;
  /** Called once for each platform. */
  stage: (platform: Platform) => QueueStage<M>;
}

/** How many messages met which fate; for logs and tests, the trigger does not look at it. */
export interface QueueSummary {
  done: number;
  again: number;
  dead: number;
}

const RESULTS = ['done', 'again', 'dead'] as const;

const describe = (error: z.core.$ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');

interface Sorted<M> {
  messages: M[];
  dead: Fate[];
}

const sortItems = <M>(schema: z.ZodMiniType<M>, items: readonly QueueItem[]): Sorted<M> => {
  const sorted: Sorted<M> = { messages: [], dead: [] };
  for (const item of items) {
    if (item.kind === 'unreadable') {
      sorted.dead.push({ kind: 'dead', body: item.text, reason: item.reason });
      continue;
    }
    const read = schema.safeParse(item.value);
    if (read.success) sorted.messages.push(read.data);
    else
      sorted.dead.push({
        kind: 'dead',
        body: JSON.stringify(item.value),
        reason: `invalid: ${describe(read.error)}`.slice(0, 500),
      });
  }
  return sorted;
};

const settle = async (queue: QueueName, platform: Platform, fates: readonly Fate[]): Promise<void> => {
  const atMs = platform.clock.nowMs();
  const dead = fates.filter((fate) => fate.kind === 'dead');
  const again = fates.filter((fate) => fate.kind === 'again');
  if (dead.length + again.length === 0) return;
  for (const { reason } of dead) platform.logger.error('message given up', { queue, reason });
  for (const { reason, delayMs } of again) platform.logger.info('message comes again', { queue, reason, delayMs });
  await platform.outbox.commit(
    dead.map((letter) => deadLetterRow(queue, letter, atMs)),
    again.map((fate) => comesAgain(queue, fate)),
  );
};

const summarize = (queue: QueueName, platform: Platform, fates: readonly Fate[]): QueueSummary => {
  const counter = platform.metrics.counter({
    name: 'fenghuo_messages_total',
    help: 'Queue messages by what became of them.',
    labels: { queue: 'code', result: RESULTS },
  });
  const summary: QueueSummary = { done: 0, again: 0, dead: 0 };
  for (const fate of fates) summary[fate.kind] += 1;
  for (const result of RESULTS) if (summary[result] > 0) counter.add(summary[result], { queue, result });
  return summary;
};

/**
 * A queue function. The trigger knows no partial failure, so each message is judged by itself: what fails comes back later as a
 * new message with one more attempt, what cannot be read or failed too often becomes a dead letter. Resolves when all of that is
 * durable; throws (and thereby acknowledges nothing) only when the store cannot be reached or the settings cannot be opened.
 */
export const queueFunction = <M extends { attempt: number }>(
  spec: QueueFunctionSpec<M>,
): FunctionHandler<QueueSummary> => {
  const wired = oncePerPlatform((platform) => ({ platform, stage: spec.stage(platform) }));
  const handle = async (event: Buffer, context: FunctionContext): Promise<QueueSummary> => {
    const { platform, stage } = await wired(context);
    const deadline = deadlineOf(context, platform);
    const { messages, dead } = sortItems(spec.schema, readQueueEvent(event));
    const fates = [...dead, ...(messages.length === 0 ? [] : await runMessages({ stage, deadline }, messages))];
    await settle(spec.queue, platform, fates);
    return summarize(spec.queue, platform, fates);
  };
  const handler = middy<Buffer, QueueSummary, Error, FunctionContext>({ timeoutEarlyInMillis: 0 })
    .use(failureLog(spec.queue))
    .handler(handle);
  return (event, context) => handler(event, context);
};
