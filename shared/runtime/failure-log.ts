import type { MiddlewareObj } from '@middy/core';
import { redactText } from '../domain/redact.ts';
import type { Logger } from '../ports/logger.ts';
import type { FunctionContext } from './function-context.ts';
import { platformFor } from './platform.ts';

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : '');

/** The log of a function whose platform could not be made. */
const bareLogger = ({ logger }: FunctionContext): Logger => {
  const write: Logger['error'] = (message, { error, ...fields } = {}) => {
    const line = redactText(JSON.stringify({ level: 'error', message, ...fields, error: textOf(error) }));
    if (logger === undefined) process.stderr.write(`${line}\n`);
    else logger.error(line);
  };
  return { debug: write, info: write, warn: write, error: write };
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
