import { startServer, type TestServer } from '../contract/channel-server.ts';

type Seen = TestServer['received'][number];
type Answer = Parameters<typeof startServer>[0] extends (seen: Seen) => infer R ? Awaited<R> : never;

/** Everything that a call holds, in the spellings that an answer may repeat it in, each time beginning with another. */
const echoOf = ({ path, query, headers, body }: Seen, turn: number): string => {
  const all = [decodeURIComponent(path), ...query.values(), JSON.stringify(headers), body.toString()].join(' ');
  const parts = [
    ...query.values(),
    path,
    `${headers.authorization} ${headers['x-api-key']}`,
    `http://${headers.host}${path}?${query}`,
    Buffer.from(String(headers.authorization).replace('Basic ', ''), 'base64').toString(),
    JSON.stringify(headers),
    encodeURIComponent(all),
    Buffer.from(`${query} ${path} ${headers.authorization}`).toString('base64'),
    [...query.values(), path.split('/').at(-1) ?? ''].map((value) => Buffer.from(value).toString('base64')).join(' '),
    [...query.values()].map((value) => Buffer.from(value).toString('hex')).join(' '),
    `${query}`,
    body.toString(),
  ];
  const first = turn % parts.length;
  return [...parts.slice(first), ...parts.slice(0, first)].join(' | ').slice(0, 20_000);
};

const robot = (errcode: number, errmsg: string) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  // Lark has other names for the same two fields.
  body: JSON.stringify({ errcode, errmsg, code: errcode, msg: errmsg }),
});

type Answers = readonly ((echo: string) => Answer)[];

/** What a provider that means ill, or only debugs too much, may answer; each repeats what it was sent. */
const ROBOT_ANSWERS: Answers = [
  (echo) => robot(310000, `keywords not in content ${echo}`),
  (echo) => robot(310000, `sign not match ${echo}`),
  (echo) => robot(987654, echo),
  (echo) => ({ status: 200, body: echo }),
  (echo) => ({ status: 500, body: JSON.stringify({ errcode: -1, errmsg: echo }) }),
];

const OTHER_ANSWERS: Answers = [
  (echo) => ({ status: 400, body: `<html><body>Bad request: ${echo}</body></html>` }),
  (echo) => ({ status: 401, headers: { 'www-authenticate': 'Bearer' }, body: JSON.stringify({ error: echo }) }),
  (echo) => ({
    status: 302,
    headers: { location: `http://elsewhere.example.com/${encodeURIComponent(echo).slice(0, 500)}` },
  }),
  (echo) => ({ status: 404, body: `no_service ${echo}` }),
  (echo) => ({ status: 422, body: JSON.stringify({ detail: [{ input: echo }] }) }),
  (echo) => ({ status: 500, body: `Error: ${echo}\n    at handler (${echo})` }),
  (echo) => ({ status: 403, body: `from ip: 127.0.0.1 ${echo}` }),
  (echo) => ({ status: 400, body: echo }),
  () => 'reset',
];

/** An OpenAPI is called at the root, with a signature made of a key that is never sent. */
const OPENAPI_ANSWERS: Answers = ['SignatureDoesNotMatch', 'isv.BUSINESS_LIMIT_CONTROL', 'isv.UNHEARD_OF'].map(
  (Code) => (echo) => ({
    status: 400,
    body: JSON.stringify({ Code, Message: `not matched: ${echo}`, RequestId: echo }),
  }),
);

const kindOf = ({ path }: Seen): 'robot' | 'openapi' | 'other' => {
  if (path === '/') return 'openapi';
  return /^\/(?:robot|open-apis|cgi-bin)\//.test(path) ? 'robot' : 'other';
};

const BY_KIND = { robot: ROBOT_ANSWERS, openapi: OPENAPI_ANSWERS, other: OTHER_ANSWERS };

/** How often it must be called until it has answered in every way and begun with every spelling. */
export const HOSTILE_CALLS = 50;

/** A server that refuses every call in another way and repeats in its words everything that it was sent. */
export const startHostileProvider = (): Promise<TestServer> => {
  const turns = { robot: 0, openapi: 0, other: 0 };
  return startServer((seen) => {
    const kind = kindOf(seen);
    const answers = BY_KIND[kind];
    const turn = turns[kind];
    turns[kind] += 1;
    // Every way of answering meets every spelling in the end, because their numbers share no divisor or every pass shifts by one.
    return answers[turn % answers.length]?.(echoOf(seen, turn + Math.floor(turn / answers.length))) ?? 'reset';
  });
};
