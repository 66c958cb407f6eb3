import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';

/** Where a deployment is, and for how long its event may be under way. */
export interface SmokeOptions {
  /** Address of the HTTP trigger of ingest, without the path. */
  ingestUrl: string;
  consoleUrl: string;
  /** Must never be shown. */
  token: string;
  /** Names the event; another one for each run. */
  id: string;
  timeoutMs: number;
  pollMs: number;
}

/** How it went, in words that hold no address and no token. */
export interface SmokeResult {
  ok: boolean;
  words: string;
}

const CALL_TIMEOUT_MS = 15_000;
const NO_RULE =
  'no rule wants the event: add the subscription of docs/operations.md, { name: smoke, products: [fenghuo], policy: ... }';

const acceptedSchema = z.object({ accepted: z.array(z.object({ id: z.string() })).check(z.minLength(1)) });
const traceSchema = z.object({
  notifications: z.array(
    z.object({ status: z.string(), targetName: z.optional(z.string()), code: z.optional(z.string()) }),
  ),
  trace: z.array(z.object({ name: z.string() })),
});

type Report = z.infer<typeof traceSchema>;

/** In the form of a system event of CloudMonitor, which is what a deployment gets most. */
const eventOf = (id: string) => ({
  ver: '1.0',
  id: `smoke-${id}`,
  product: 'Fenghuo',
  resourceId: `acs:fenghuo::deployment/${id}`,
  level: 'INFO',
  name: 'Deployment:SmokeTest',
  eventType: 'Deployment',
  content: { run: id },
});

const ok = (words: string): SmokeResult => ({ ok: true, words });
const failed = (words: string): SmokeResult => ({ ok: false, words });

const call = async (url: string, token: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
  };
};

const FINAL_FAILURES = ['refused', 'dead', 'suppressed'];

/** What a report says; undefined while the event is under way. */
const verdictOf = ({ notifications, trace }: Report): SmokeResult | undefined => {
  if (notifications.length === 0) return trace.some(({ name }) => name === 'no-rule') ? failed(NO_RULE) : undefined;
  const bad = notifications.find(({ status }) => FINAL_FAILURES.includes(status));
  if (bad !== undefined) return failed(`${bad.targetName ?? 'a target'}: ${bad.status} ${bad.code ?? ''}`.trim());
  return notifications.every(({ status }) => status === 'delivered' || status === 'merged')
    ? ok(`delivered to ${notifications.map(({ targetName }) => targetName ?? 'a target').join(', ')}`)
    : undefined;
};

const send = async ({ ingestUrl, token, id }: SmokeOptions): Promise<string | SmokeResult> => {
  const { status, body } = await call(`${ingestUrl}/ingest`, token, eventOf(id));
  const read = acceptedSchema.safeParse(body);
  return status === 202 && read.success ? (read.data.accepted[0]?.id ?? '') : failed(`ingest answered ${status}`);
};

const follow = async (event: string, { consoleUrl, token, timeoutMs, pollMs }: SmokeOptions): Promise<SmokeResult> => {
  let last = 'the event is still under way';
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += pollMs) {
    const { status, body } = await call(`${consoleUrl}/api/events/${event}`, token);
    const read = traceSchema.safeParse(body);
    const verdict = read.success ? verdictOf(read.data) : undefined;
    if (verdict !== undefined) return verdict;
    last = status === 200 ? 'the event is still under way' : `the console answered ${status}`;
    await wait(pollMs);
  }
  return failed(`not delivered within ${timeoutMs / 1_000} s: ${last}`);
};

/**
 * Sends one event through the whole chain of a deployment and follows it until it is delivered. It never throws: what goes wrong is
 * told in the result.
 */
export const smokeTest = async (options: SmokeOptions): Promise<SmokeResult> => {
  try {
    const sent = await send(options);
    return typeof sent === 'string' ? await follow(sent, options) : sent;
  } catch (error) {
    return failed(`no answer: ${error instanceof Error ? error.name : 'unknown error'}`);
  }
};
