import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { DEFAULT_DATA_DIR } from '../local/environment.ts';
import { refused } from './command-result.ts';

/** One call to the host. */
interface HostCall {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: string;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
  /** How long to wait for the answer; 30 s unless said. */
  timeoutMs?: number;
}

/** What the host answered. */
export interface HostAnswer {
  status: number;
  headers: Headers;
  value: unknown;
}

/** Calls the host; throws CommandError when it cannot be reached. */
export type HostClient = (call: HostCall) => Promise<HostAnswer>;

const refusalSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
});

const CALL_MS = 30_000;

const firstLine = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n')[0]?.trim() : undefined;

const placeOf = (env: Readonly<Record<string, string | undefined>>): { url: string; token: string } => {
  const dataDir = env.FENGHUO_DATA_DIR ?? DEFAULT_DATA_DIR;
  const url =
    env.FENGHUO_URL ?? firstLine(join(dataDir, 'address')) ?? `http://127.0.0.1:${env.FENGHUO_PORT ?? '8787'}`;
  const token = env.FENGHUO_TOKEN ?? firstLine(join(dataDir, 'token'));
  if (token === undefined)
    throw refused('No access token: set FENGHUO_TOKEN, or FENGHUO_DATA_DIR to the data directory of the host.');
  return { url: url.replace(/\/+$/, ''), token };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Lines that say what the host refused and where. */
export const refusalLines = (value: unknown): string[] => {
  const refusal = refusalSchema.safeParse(value);
  if (!refusal.success) return ['The host answered with something that is not its own. Check FENGHUO_URL.'];
  const { message, code, details } = refusal.data.error;
  return [
    `${message} (${code})`,
    ...details.map(({ path, message: words }) => `  ${path === '' ? '' : `${path}: `}${words}`),
  ];
};

/** A client of the host that the environment names. */
export const hostClient = (env: Readonly<Record<string, string | undefined>>): HostClient => {
  return async ({ method, path, body, contentType = 'application/json', headers = {}, timeoutMs = CALL_MS }) => {
    const { url, token } = placeOf(env);
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType, ...headers },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, headers: response.headers, value: parsed(await response.text()) };
    } catch (cause) {
      throw refused(`The host at ${url} does not answer. Is it running (npm start)?`, { cause });
    }
  };
};

/** The answer of a call that must work; throws CommandError with what the host refused. */
export const expectOk = async (call: Promise<HostAnswer>): Promise<HostAnswer> => {
  const answer = await call;
  if (answer.status >= 400) throw refused(refusalLines(answer.value).join('\n'));
  return answer;
};
