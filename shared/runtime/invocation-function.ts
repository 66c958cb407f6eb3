import middy from '@middy/core';
import { deadlineOf, inTime } from './deadline.ts';
import { failureLog } from './failure-log.ts';
import type { FunctionContext } from './function-context.ts';
import { oncePerPlatform, type Platform } from './platform.ts';

/** What a function does with what it is given, and gives back. */
type Work<In, Out> = (input: In) => Promise<Out>;

/**
 * What a function does when no queue calls it: a failure is logged and let through, and before the platform cuts it off it fails with
 * OutOfTimeError. `make` is called once for each platform.
 */
export const invocationFunction = <In, Out>(
  name: string,
  make: (platform: Platform) => Work<In, Out>,
): ((input: In, context: FunctionContext) => Promise<Out>) => {
  const wired = oncePerPlatform((platform) => ({ platform, work: make(platform) }));
  const handle = async (input: In, context: FunctionContext): Promise<Out> => {
    const { platform, work } = await wired(context);
    return inTime(work(input), deadlineOf(context, platform));
  };
  const handler = middy<In, Out, Error, FunctionContext>({ timeoutEarlyInMillis: 0 })
    .use(failureLog(name))
    .handler(handle);
  return (input, context) => handler(input, context);
};
