import type { Timers } from '../adapters/local/timers.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { Invoker } from '../ports/invoker.ts';
import type { Logger } from '../ports/logger.ts';
import type { MailTransport } from '../ports/mail-transport.ts';
import type { OpenApi } from '../ports/openapi.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { MessageSender } from '../ports/queue.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { CloudPlatform } from './cloud-platform.ts';
import type { FunctionContext } from './function-context.ts';
import type { Metrics } from './metrics.ts';

/** Everything a function may use of the world around it; made once per process and shared by the functions in it. */
export interface Platform {
  store: TableStore;
  queue: MessageSender;
  outbox: Outbox;
  http: HttpClient;
  mail: MailTransport;
  openapi: OpenApi;
  /** Calls other functions of this deployment. */
  invoker: Invoker;
  sealer: Sealer;
  clock: Clock;
  timers: Timers;
  logger: Logger;
  metrics: Metrics;
  /** The metrics of every instance that can be reached from here, in the text format of Prometheus. */
  metricsText(): Promise<string>;
  /** Opens the HTTP API; empty where no calls are answered. Must never be logged or shown. */
  accessToken: string;
  /** What `${env:NAME}` in a settings file may see. */
  settingsEnv: Readonly<Record<string, string>>;
  /** Base URL of the console for links in messages; absent when none is known. */
  consoleUrl?: string;
  /** A moment in which receipts of one call wait for each other; absent where a call of the store costs next to nothing. */
  lingerForReceipts?: () => Promise<void>;
  /** A moment in which calls that bring events wait for each other; absent where an instance answers one call at a time. */
  lingerForCalls?: () => Promise<void>;
  /** Names of the channels that this deployment has; absent when it has all of them. */
  deployedChannels?: ReadonlySet<string>;
}

const KEY = Symbol.for('fenghuo.platform');

const isPlatform = (value: unknown): value is Platform =>
  typeof value === 'object' && value !== null && 'store' in value && 'outbox' in value;

/** The platform that a host has put in place for every bundle of this process; undefined in a deployed function. */
const registeredPlatform = (): Platform | undefined => {
  const platform: unknown = Reflect.get(globalThis, KEY);
  return isPlatform(platform) ? platform : undefined;
};

/** Puts the platform in place for every function bundle of this process; undefined takes it away. Bundles share no module, so it goes through a well-known symbol. */
export const registerPlatform = (platform: Platform | undefined): void => {
  Reflect.set(globalThis, KEY, platform);
};

let deployed: CloudPlatform | undefined;

/**
 * The platform that this invocation runs on: the one of the host, else the one that a deployed function makes of its environment. The
 * latter is made once in the life of an instance, and told of each invocation. Rejects with BadEnvironmentError.
 */
export const platformFor = async (context: FunctionContext): Promise<Platform> => {
  const registered = registeredPlatform();
  if (registered !== undefined) return registered;
  // Its clients take longer to load than a whole stage, and a host brings its own.
  deployed ??= (await import('./cloud-platform.ts')).createCloudPlatform(process.env);
  deployed.begin(context);
  return deployed.platform;
};

/** Makes something once for each platform, so that a warm instance does not wire its stage again for every call. */
export const oncePerPlatform = <T>(make: (platform: Platform) => T): ((context: FunctionContext) => Promise<T>) => {
  const made = new WeakMap<Platform, { value: T }>();
  return async (context) => {
    const platform = await platformFor(context);
    const known = made.get(platform) ?? { value: make(platform) };
    made.set(platform, known);
    return known.value;
  };
};
