import * as z from 'zod/mini';
import type { Channel } from '../channels/channel.ts';
import { claimChannel } from '../channels/registry.ts';
import { deliverMessageSchema, probeMessageSchema } from '../domain/deliver-message.ts';
import { isRecord } from '../domain/is-record.ts';
import { type TestCall, type TestResult, testCallSchema } from '../domain/test-call.ts';
import { deliver } from '../stages/deliver.ts';
import { createDirectorySource } from '../stages/directory-source.ts';
import { answerTest } from '../stages/test-call.ts';
import { leastTimeoutMs } from './deadline.ts';
import { loggerFor } from './failure-log.ts';
import type { FunctionContext, FunctionHandler } from './function-context.ts';
import { parsedEvent } from './http-event.ts';
import { invocationFunction } from './invocation-function.ts';
import { meteredChannel } from './metered-ports.ts';
import { type QueueSummary, queueFunction } from './queue-function.ts';
import { deployedOf } from './stage-ports.ts';

const OPENING = '{'.charCodeAt(0);
const DIRECT: ReadonlySet<unknown> = new Set(['test', 'test-sender']);

/** What somebody asks of the function by invoking it. A queue sends a list, or wraps each body, so that nothing on a queue can look like that. */
const directCall = (event: Buffer): TestCall | undefined => {
  if (event[0] !== OPENING) return undefined;
  const value = parsedEvent(event);
  return isRecord(value) && DIRECT.has(value.kind) ? testCallSchema.parse(value) : undefined;
};

const byInvocation = (channel: Channel): ((call: TestCall, context: FunctionContext) => Promise<TestResult>) =>
  invocationFunction(`deliver-${channel.name}`, (platform) =>
    answerTest(meteredChannel(channel, platform.metrics), { ...platform, claimChannel }),
  );

const byQueue = (channel: Channel): FunctionHandler<QueueSummary> =>
  queueFunction({
    queue: `deliver-${channel.name}`,
    schema: z.discriminatedUnion('kind', [deliverMessageSchema, probeMessageSchema]),
    stage: (platform) =>
      deliver(meteredChannel(channel, platform.metrics))({
        ...platform,
        roster: createDirectorySource(platform, { claimChannel, deployed: deployedOf(platform) }),
      }),
  });

/** Says once in the life of an instance that an attempt may be cut off, because the function was given too little time. */
const shortTimeWarning = ({ name, timeoutMs }: Channel): ((context: FunctionContext) => Promise<void>) => {
  const neededMs = leastTimeoutMs(timeoutMs);
  let told = false;
  return async (context) => {
    const timeout = context.function?.timeout ?? 0;
    if (told || timeout === 0 || timeout * 1_000 >= neededMs) return;
    told = true;
    (await loggerFor(context)).warn('the timeout of the function is too short', { channel: name, timeout, neededMs });
  };
};

/**
 * The delivery function of one channel: on the queue `deliver-<channel>`, and by an invocation that asks for a test message and gets its
 * result.
 */
export const deliverFunction = (channel: Channel): FunctionHandler<QueueSummary | TestResult> => {
  const queued = byQueue(channel);
  const invoked = byInvocation(channel);
  const warnOfShortTime = shortTimeWarning(channel);
  const handle = async (event: Buffer, context: FunctionContext): Promise<QueueSummary | TestResult> => {
    await warnOfShortTime(context);
    const call = directCall(event);
    return call === undefined ? queued(event, context) : invoked(call, context);
  };
  return handle;
};
