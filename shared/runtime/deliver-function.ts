import * as z from 'zod/mini';
import type { Channel } from '../channels/channel.ts';
import { claimChannel } from '../channels/registry.ts';
import { deliverMessageSchema, probeMessageSchema } from '../domain/messages.ts';
import { deliver } from '../stages/deliver.ts';
import { createDirectorySource } from '../stages/directory-source.ts';
import type { FunctionHandler } from './function-context.ts';
import { meteredChannel } from './metered-ports.ts';
import { type QueueSummary, queueFunction } from './queue-function.ts';
import { deployedOf } from './stage-ports.ts';

/** The delivery function of one channel, on the queue `deliver-<channel>`. */
export const deliverFunction = (channel: Channel): FunctionHandler<QueueSummary> =>
  queueFunction({
    queue: `deliver-${channel.name}`,
    schema: z.discriminatedUnion('kind', [deliverMessageSchema, probeMessageSchema]),
    stage: (platform) =>
      deliver(meteredChannel(channel, platform.metrics))({
        ...platform,
        roster: createDirectorySource(platform, { claimChannel, deployed: deployedOf(platform) }),
      }),
  });
