import { InvokerError } from '../../ports/invoker.ts';
import { isRecord } from './openapi-failure.ts';

/** The SDK reads the error body of an older API, so that of this one only the status is left: lib/client.js, request. */
const STATUS = /failed with (\d{3})\./;

const NOT_FOUND = 404;
const TOO_MANY = 429;
const FIRST_SERVER_ERROR = 500;

/** The network says that no connection was made. */
const UNSENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

const named = (status: number): string => {
  if (status === NOT_FOUND) return 'function-not-found';
  return status === TOO_MANY ? 'throttled' : `http-${status}`;
};

const ofStatus = (status: number): InvokerError =>
  new InvokerError({
    code: named(status),
    // A gateway that fails does not say whether it had passed the call on.
    sent: status >= FIRST_SERVER_ERROR ? 'maybe' : 'no',
    message: `Function Compute answered ${status}`,
  });

/** The SDK has one time for connecting and for reading, so that neither word says which of them it was. */
const isTimeout = (error: unknown): boolean => error instanceof Error && error.name.startsWith('RequestTimeout');

/** What a call without an answer came to; the SDK's error is not kept as a cause, because it may carry the request. */
export const invokerFailureOf = (error: unknown): InvokerError => {
  if (error instanceof InvokerError) return error;
  const status = error instanceof Error ? STATUS.exec(error.message)?.[1] : undefined;
  if (status !== undefined) return ofStatus(Number(status));
  if (isTimeout(error)) return timedOut();
  const code = isRecord(error) && typeof error.code === 'string' ? error.code : 'no-answer';
  if (UNSENT.has(code)) return new InvokerError({ code, sent: 'no', message: `no connection was made: ${code}` });
  return new InvokerError({ code, sent: 'maybe', message: `the call ended without an answer: ${code}` });
};

/** No answer came within the time of the call. */
export const timedOut = (): InvokerError =>
  new InvokerError({ code: 'time-out', sent: 'maybe', message: 'no answer in time' });
