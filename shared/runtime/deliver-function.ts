import * as z from 'zod/mini';
import type { Channel } from '../channels/channel.ts';
import { claimChannel } from '../channels/registry.ts';
import { isRecord } from '../domain/is-record.ts';
import { deliverMessageSchema, probeMessageSchema } from '../domain/messages.ts';
import { type TestCall, type TestResult, testCallSchema } from '../domain/test-call.ts';
import { deliver } from '../stages/deliver.ts';
import { createDirectorySource } from '../stages/directory-source.ts';
import { answerTest } from '../stages/test-call.ts';
import type { FunctionContext, FunctionHandler } from './function-context.ts';
import { invocationFunction } from './invocation-function.ts';
import { meteredChannel } from './metered-ports.ts';
import { type QueueSummary, queueFunction } from './queue-function.ts';
import { deployedOf } from './stage-ports.ts';

const OPENING = '{'.charCodeAt(0);
const DIRECT: ReadonlySet<unknown> = new Set(['test', 'test-sender']);

/** What somebody asks of the function by invoking it. A queue sends a list, or wraps each body, so that nothing on a queue can look like that. */
const directCall = (event: Buffer): TestCall | undefined => {
  if (event[0] !== OPENING) return undefined;
  const value: unknown = JSON.parse(event.toString('utf8'));
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

/**
 * The delivery function of one channel: on the queue `deliver-<channel>`, and by an invocation that asks for a test message and gets its
 * result.
 */
export const deliverFunction = (channel: Channel): FunctionHandler<QueueSummary | TestResult> => {
  const queued = byQueue(channel);
  const invoked = byInvocation(channel);
  const handle = async (event: Buffer, context: FunctionContext): Promise<QueueSummary | TestResult> => {
    const call = directCall(event);
    return call === undefined ? queued(event, context) : invoked(call, context);
  };
  return handle;
};
