import * as z from 'zod/mini';
import type { FunctionHandler } from './function-context.ts';
import { invocationFunction } from './invocation-function.ts';
import type { Platform } from './platform.ts';

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

/** A function that a timer starts. Its work takes no input and may run anywhere, any time, twice at once. */
export const timerFunction = <Report extends object>(
  name: string,
  work: (platform: Platform) => () => Promise<Report>,
): FunctionHandler<Report> =>
  invocationFunction(name, (platform) => {
    const run = work(platform);
    return async (event: Buffer) => {
      const report = await run();
      platform.logger.debug('timer function done', { function: name, trigger: nameOf(event), report });
      return report;
    };
  });
