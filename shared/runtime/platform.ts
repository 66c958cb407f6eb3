import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { Logger } from '../ports/logger.ts';
import type { MailTransport } from '../ports/mail-transport.ts';
import type { OpenApi } from '../ports/openapi.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { MessageSender } from '../ports/queue.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { Metrics } from './metrics.ts';

/** Everything a function may use of the world around it; made once per process and shared by the functions in it. */
export interface Platform {
  store: TableStore;
  queue: MessageSender;
  outbox: Outbox;
  http: HttpClient;
  mail: MailTransport;
  openapi: OpenApi;
  sealer: Sealer;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** The metrics of every instance that can be reached from here, in the text format of Prometheus. */
  metricsText(): Promise<string>;
  /** Opens the HTTP API; must never be logged or shown. */
  accessToken: string;
  /** What `${env:NAME}` in a settings file may see. */
  settingsEnv: Readonly<Record<string, string>>;
  /** Base URL of the console for links in messages; absent when none is known. */
  consoleUrl?: string;
}

const KEY = Symbol.for('fenghuo.platform');

/** No platform was put in place before a function was called. */
class PlatformMissingError extends Error {
  readonly code = 'platform-missing';
  constructor() {
    super(
      'No platform in this process. Run the functions through the one-machine host (npm start); the adapters for a deployment to the cloud are not part of this version.',
    );
    this.name = 'PlatformMissingError';
  }
}

const isPlatform = (value: unknown): value is Platform =>
  typeof value === 'object' && value !== null && 'store' in value && 'outbox' in value;

/**
 * The platform of this process. Bundles share no module, so the host hands it over through a well-known symbol.
 * Throws {@link PlatformMissingError} when there is none.
 */
export const currentPlatform = (): Platform => {
  const platform: unknown = Reflect.get(globalThis, KEY);
  if (!isPlatform(platform)) throw new PlatformMissingError();
  return platform;
};

/** Puts the platform in place for every function bundle of this process; undefined takes it away. */
export const registerPlatform = (platform: Platform | undefined): void => {
  Reflect.set(globalThis, KEY, platform);
};

/** Makes something once for each platform, so that a warm instance does not wire its stage again for every call. */
export const oncePerPlatform = <T>(make: (platform: Platform) => T): (() => T) => {
  const made = new WeakMap<Platform, { value: T }>();
  return () => {
    const platform = currentPlatform();
    const known = made.get(platform) ?? { value: make(platform) };
    made.set(platform, known);
    return known.value;
  };
};
