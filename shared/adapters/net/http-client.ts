import type { Agent as UndiciAgent } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import { type HttpClient, HttpError, type HttpRequest, type HttpResponse } from '../../ports/http-client.ts';
import { createAddressGuard } from './address-guard.ts';
import { Exchange } from './exchange.ts';
import { guardedConnector } from './guarded-connector.ts';
import type { Resolve } from './passage.ts';

/** Connections to one origin; more of them were not faster. */
const CONNECTIONS_PER_ORIGIN = 64;
const KEEP_ALIVE_MS = 10_000;

/**
 * How a client is made: `allow` lists CIDRs, addresses, hosts or host:port that may be reached although they are not public;
 * `resolve` stands in for the system's resolver.
 */
export interface HttpClientOptions {
  allow: readonly string[];
  resolve?: Resolve;
}

const urlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HttpError({ code: 'EURL', sent: 'no', message: 'not an http or https URL' });
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Where a URL leads, and how it is asked for there. */
interface Destination {
  origin: string;
  path: string;
  /** Absent when the URL holds no credentials. */
  authorization: string | undefined;
}

/** Credentials in a URL are meant for basic authentication; they would be dropped in silence otherwise. */
const authorizationOf = ({ username, password }: URL): string | undefined =>
  username === '' && password === ''
    ? undefined
    : `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;

const destinationOf = (text: string): Destination => {
  const url = urlOf(text);
  return { origin: url.origin, path: url.pathname + url.search, authorization: authorizationOf(url) };
};

/** A target is called over and over, and taking a URL apart costs more than all that is left to do with it. */
const MAX_DESTINATIONS = 256;

const destinations = (): ((text: string) => Destination) => {
  const known = new Map<string, Destination>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const destination = destinationOf(text);
    if (known.size >= MAX_DESTINATIONS) known.clear();
    known.set(text, destination);
    return destination;
  };
};

const exchangeOn = (agent: UndiciAgent) => {
  const destinationAt = destinations();
  return (request: HttpRequest): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      const { origin, path, authorization } = destinationAt(request.url);
      agent.dispatch(
        {
          origin,
          path,
          method: request.method,
          headers: authorization === undefined ? request.headers : { ...request.headers, authorization },
          body: request.body ?? null,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        new Exchange(request.timeoutMs, { resolve, reject }),
      );
    });
};

/**
 * An {@link HttpClient} over kept-alive connections. It follows no redirect, ends each exchange after its `timeoutMs`, and
 * connects only to public addresses and to what `allow` names (code `ESSRF` otherwise). Throws AllowListError for a bad entry.
 */
export const createHttpClient = ({ allow, resolve }: HttpClientOptions): HttpClient & { close(): Promise<void> } => {
  const agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: guardedConnector(createAddressGuard(allow), resolve),
  });
  return { send: exchangeOn(agent), close: () => agent.destroy() };
};
