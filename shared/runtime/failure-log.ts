import type { MiddlewareObj } from '@middy/core';
import type { Logger } from '../ports/logger.ts';
import { CurrentCall } from './current-call.ts';
import type { FunctionContext } from './function-context.ts';
import { createJsonLogger } from './json-logger.ts';
import { platformFor } from './platform.ts';
import { systemClock } from './system-clock.ts';

/** The log of a function whose platform could not be made. */
const bareLogger = (context: FunctionContext): Logger => {
  const call = new CurrentCall(undefined);
  call.begin(context);
  return createJsonLogger({ clock: systemClock, write: (line, level) => call.write(line, level), least: 'warn' });
};

/** The log of this invocation, also when nothing else works here. */
export const loggerFor = async (context: FunctionContext): Promise<Logger> => {
  try {
    return (await platformFor(context)).logger;
  } catch {
    return bareLogger(context);
  }
};

/** Middleware that writes one redacted line when a function fails, and lets the failure through. */
export const failureLog = (name: string): MiddlewareObj<unknown, unknown, Error, FunctionContext> => ({
  onError: async ({ error, context }) => {
    const logger = await loggerFor(context);
    logger.error('function failed', { function: name, requestId: context.requestId, error });
  },
});
