import middy from '@middy/core';
import { ApiError, type ApiReply, type ApiRequest, errorReply } from '../console/api.ts';
import { SecretsUnreadableError } from '../ports/secrets.ts';
import { StoreUnavailableError } from '../ports/table-store.ts';
import { deadlineOf, inTime, OutOfTimeError } from './deadline.ts';
import { BadEnvironmentError } from './environment.ts';
import { loggerFor } from './failure-log.ts';
import type { FunctionContext, FunctionHandler } from './function-context.ts';
import { type HttpResult, httpResult, isHttpEvent, parsedEvent, readHttpEvent } from './http-event.ts';
import { oncePerPlatform, type Platform } from './platform.ts';

/** Answers calls; throws ApiError for a refusal. */
export type Answerer = (request: ApiRequest) => Promise<ApiReply>;

const storeUnavailable = (): ApiError =>
  new ApiError({
    status: 503,
    code: 'store-unavailable',
    message: 'The store cannot take or give data now. Nothing of this call was accepted; try again.',
    headers: { 'retry-after': '5' },
  });

const secretsUnreadable = ({ code, message }: SecretsUnreadableError): ApiError =>
  new ApiError({ status: 503, code, message });

const internal = (): ApiError =>
  new ApiError({ status: 500, code: 'internal', message: 'Something went wrong here. The log says what.' });

/** A guard that compares with nothing would let everybody in. */
const withToken = (platform: Platform): Platform => {
  if (platform.accessToken !== '') return platform;
  throw new BadEnvironmentError('FENGHUO_TOKEN', 'must be set for a function that answers calls');
};

/** Whoever deployed the function reads this first where the call comes back. */
const misconfigured = ({ code, message }: BadEnvironmentError): ApiError =>
  new ApiError({ status: 500, code, message });

const outOfTime = ({ code }: OutOfTimeError): ApiError =>
  new ApiError({
    status: 503,
    code,
    message: 'This took too long and may be done or not. Look, or try again.',
    headers: { 'retry-after': '5' },
  });

const refusalOf = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error;
  if (error instanceof OutOfTimeError) return outOfTime(error);
  if (error instanceof BadEnvironmentError) return misconfigured(error);
  if (error instanceof SecretsUnreadableError) return secretsUnreadable(error);
  return error instanceof StoreUnavailableError ? storeUnavailable() : internal();
};

/**
 * A function behind an HTTP trigger. Every failure becomes an answer: no stack and no secret leaves, the log has the details. What is no
 * HTTP call goes to `otherwise`, and is refused where there is none.
 */
export const httpFunction = <Other = never>(
  name: string,
  answer: (platform: Platform) => Answerer,
  otherwise?: FunctionHandler<Other>,
): FunctionHandler<HttpResult | Other> => {
  const wired = oncePerPlatform((platform) => ({ platform, answer: answer(withToken(platform)) }));
  const handle = async (event: unknown, context: FunctionContext): Promise<HttpResult> => {
    const request = readHttpEvent(event);
    const wiring = await wired(context);
    return httpResult(await inTime(wiring.answer(request), deadlineOf(context, wiring.platform)));
  };
  const handler = middy<unknown, HttpResult, Error, FunctionContext>({ timeoutEarlyInMillis: 0 })
    .onError(async (request) => {
      const { error, context } = request;
      const refusal = refusalOf(error);
      if (refusal.status >= 500)
        (await loggerFor(context)).error('call failed', { function: name, code: refusal.code, error });
      request.response = httpResult(errorReply(refusal));
    })
    .handler(handle);
  return async (event, context) => {
    const value = parsedEvent(event);
    if (otherwise !== undefined && !isHttpEvent(value)) return otherwise(event, context);
    return handler(value, context);
  };
};
