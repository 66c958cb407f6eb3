import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError, type ApiRequest } from './api.ts';
import type { Guard } from './router.ts';

/** Name of the cookie that keeps a browser signed in. */
export const SESSION_COOKIE = 'fenghuo_session';

/** Whether both are equal, in a time that tells nothing about where they differ; only their lengths may be told apart. */
export const sameSecret = (given: string, expected: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const derive = (token: string, purpose: string): string =>
  createHmac('sha256', token).update(purpose).digest('base64url').slice(0, 32);

/** A key that can only send events, for callers that must carry it in the URL; follows from the access token. */
export const ingestKeyOf = (token: string): string => `fhk_${derive(token, 'ingest')}`;

/** What the session cookie holds; follows from the access token and does not reveal it. */
export const sessionOf = (token: string): string => derive(token, 'session');

const bearerOf = (request: ApiRequest): string => {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').trim().split(/\s+/, 2);
  return scheme.toLowerCase() === 'bearer' ? value : '';
};

const cookieOf = (request: ApiRequest): string => {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`))?.slice(SESSION_COOKIE.length + 1) ?? '';
};

const isReading = (request: ApiRequest): boolean => request.method === 'GET' || request.method === 'HEAD';

/** Whether the call shows the access token, or is a reading call of a browser that is signed in. */
export const hasAccess = (token: string, request: ApiRequest): boolean => {
  if (sameSecret(bearerOf(request), token)) return true;
  // A cookie travels with calls that another site made the browser send, so it never changes anything.
  return isReading(request) && sameSecret(cookieOf(request), sessionOf(token));
};

const unauthorized = (message: string): ApiError =>
  new ApiError({ status: 401, code: 'unauthorized', message, headers: { 'www-authenticate': 'Bearer' } });

/** Guard of the console API. */
export const consoleGuard =
  (token: string): Guard =>
  (call) => {
    if (!hasAccess(token, call)) throw unauthorized('Send the access token as "Authorization: Bearer <token>".');
  };

/** Guard of the ingest API: also takes a key as the last segment of the path, the access token itself among them. */
export const ingestGuard = (token: string): Guard => {
  const ingestKey = ingestKeyOf(token);
  return (call) => {
    const key = call.params.key;
    if (key !== undefined && (sameSecret(key, ingestKey) || sameSecret(key, token))) return;
    const bearer = bearerOf(call);
    if (sameSecret(bearer, token) || sameSecret(bearer, ingestKey)) return;
    throw unauthorized(
      'Send the access token as "Authorization: Bearer <token>" or an ingest key as the last part of the path.',
    );
  };
};
