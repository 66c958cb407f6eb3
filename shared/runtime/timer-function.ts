import middy from '@middy/core';
import * as z from 'zod/mini';
import { deadlineOf, inTime } from './deadline.ts';
import { failureLog } from './failure-log.ts';
import type { FunctionContext, FunctionHandler } from './function-context.ts';
import { oncePerPlatform, type Platform } from './platform.ts';

const timerEventSchema = z.object({
  triggerTime: z.optional(z.string()),
  triggerName: z.optional(z.string()),
  payload: z.optional(z.string()),
});

const nameOf = (event: Buffer): string => {
  try {
    return timerEventSchema.parse(JSON.parse(event.toString('utf8'))).triggerName ?? 'unnamed';
  } catch {
    // A person may start the function by hand with any payload.
    return 'by hand';
  }
};

/** A function that a timer starts. Its work takes no input and may run anywhere, any time, twice at once. Throws OutOfTimeError before the platform cuts it off. */
export const timerFunction = <Report extends object>(
  name: string,
  work: (platform: Platform) => () => Promise<Report>,
): FunctionHandler<Report> => {
  const wired = oncePerPlatform((platform) => ({ platform, run: work(platform) }));
  const handle = async (event: Buffer, context: FunctionContext): Promise<Report> => {
    const { platform, run } = await wired(context);
    const report = await inTime(run(), deadlineOf(context, platform));
    platform.logger.debug('timer function done', { function: name, trigger: nameOf(event), report });
    return report;
  };
  const handler = middy<Buffer, Report, Error, FunctionContext>({ timeoutEarlyInMillis: 0 })
    .use(failureLog(name))
    .handler(handle);
  return (event, context) => handler(event, context);
};
