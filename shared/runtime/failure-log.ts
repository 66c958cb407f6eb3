import type { MiddlewareObj } from '@middy/core';
import { currentPlatform } from './platform.ts';

/** Middleware that writes one redacted line when a function fails, and lets the failure through. */
export const failureLog = (name: string): MiddlewareObj => ({
  onError: ({ error, context }) => {
    const requestId: unknown = context?.requestId;
    currentPlatform().logger.error('function failed', { function: name, requestId, error });
  },
});
