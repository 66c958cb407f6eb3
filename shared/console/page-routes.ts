import { hasAccess, SESSION_COOKIE, sameSecret, sessionOf } from './access.ts';
import type { ApiReply } from './api.ts';
import { consolePage, PAGE_POLICY, signInPage } from './page.ts';
import type { ApiCall, Route } from './router.ts';

const html = (status: number, body: string): ApiReply => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  },
  body,
});

const pathWithoutToken = (call: ApiCall): string => {
  const { token: _token, ...rest } = call.query;
  const query = new URLSearchParams(rest).toString();
  return query === '' ? '/' : `/?${query}`;
};

const signIn = (token: string, path: string): ApiReply => ({
  status: 303,
  headers: {
    location: path,
    'set-cookie': `${SESSION_COOKIE}=${sessionOf(token)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000`,
    'cache-control': 'no-store',
  },
  body: '',
});

const answer =
  (token: string) =>
  (call: ApiCall): ApiReply => {
    const given = call.query.token;
    // The token leaves the address bar and the history at once.
    if (given !== undefined && sameSecret(given, token)) return signIn(token, pathWithoutToken(call));
    return hasAccess(token, call) ? html(200, consolePage) : html(401, signInPage);
  };

/** The page for people: what came in, what became of it, and why. Opened once with the token, then by a cookie that can only read. */
export const pageRoutes = (accessToken: string): readonly Route[] => {
  const handle = answer(accessToken);
  const access = 'open';
  return [
    { method: 'GET', path: '/', access, summary: 'The page for people; ?event= or ?delivery= shows one.', handle },
  ];
};
