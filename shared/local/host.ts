import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type LocalStore, openLocalStore } from '../adapters/local/local-store.ts';
import { type LocalSender, senderOn } from '../adapters/local/open.ts';
import type { TrustedCertificate } from '../adapters/net/mail-transport.ts';
import type { Logger } from '../ports/logger.ts';
import { createJsonLogger } from '../runtime/json-logger.ts';
import { sumMetrics } from '../runtime/metrics-sum.ts';
import { type Platform, registerPlatform } from '../runtime/platform.ts';
import { accessToken, leaveAddress, prepareDirectory } from './data-directory.ts';
import { createDispatch, STARTING } from './dispatch.ts';
import { type HostEnvironment, settingsVariables, type Variables } from './environment.ts';
import { type FakeWorld, startFakeWorld } from './fake-world.ts';
import { applyFirstSettings } from './first-settings.ts';
import { loadFunctions } from './function-bundles.ts';
import { measureProcess } from './host-metrics.ts';
import { closeFront, createFront, type FrontHandler, listen } from './http-front.ts';
import { type QueueThread, startQueueThread } from './queue-thread-client.ts';
import type { SandboxMail } from './sandbox/mail-server.ts';
import { systemClock } from './system-clock.ts';
import { threadPlatform } from './thread-platform.ts';

/** What a host is started with. */
export interface HostOptions {
  environment: HostEnvironment;
  /** Where `${env:NAME}` of a settings file comes from. */
  variables: Variables;
  /** Folder with one built function each. */
  functionsDirectory: string;
  /** Takes log lines. */
  write: (line: string) => void;
}

/** A host that answers. */
export interface Host {
  /** Without a slash at the end. */
  url: string;
  token: string;
  /** `host:port` of the fake mail server; absent when it is switched off. */
  mailServer?: string;
  /** Findings about the settings that were applied at the start; one line each. */
  findings: readonly string[];
  /** Stops accepting, finishes or puts back work in hand, and closes the store. */
  stop(): Promise<void>;
}

/** The data directory cannot be made, or is no directory. */
class DataDirectoryUnusableError extends Error {
  readonly code = 'data-directory-unusable';
  constructor(dataDir: string, options: ErrorOptions) {
    super(`The data directory ${dataDir} cannot be used. Check FENGHUO_DATA_DIR and who may write there.`, options);
    this.name = 'DataDirectoryUnusableError';
  }
}

interface Parts {
  options: HostOptions;
  logger: Logger;
  store: LocalStore;
  url: string;
  token: string;
  world: FakeWorld | undefined;
}

/** An address that clients can use: a host that listens everywhere is reached over loopback. */
const urlOf = (host: string, port: number): string => {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
};

interface Running {
  server: Server;
  platform: Platform & { close(): Promise<void> };
  local: LocalSender;
  store: LocalStore;
  thread: QueueThread;
  mail: SandboxMail | undefined;
}

const stopOf =
  ({ server, platform, local, store, thread, mail }: Running) =>
  async (): Promise<void> => {
    await closeFront(server);
    await thread.stop();
    await platform.close();
    await mail?.close();
    await local.close();
    await store.close();
    registerPlatform(undefined);
  };

interface Door {
  server: Server;
  open: (handler: FrontHandler) => void;
}

const createDoor = (logger: Logger): Door => {
  let current: FrontHandler = () => Promise.resolve(STARTING);
  const server = createFront((call) => current(call), logger);
  const open = (handler: FrontHandler): void => {
    current = handler;
  };
  return { server, open };
};

const openStore = (dataDir: string): Promise<LocalStore> => {
  const workerUrl = new URL('./store-worker.js', import.meta.url);
  return openLocalStore({ dataDir, workerUrl });
};

/** What another thread may know of the fake mail server. */
const fakeMailOf = (world: FakeWorld | undefined): TrustedCertificate | undefined => {
  if (world === undefined) return undefined;
  const { host, port, certificate } = world.mail;
  return { host, port, certificate };
};

/** The platform of this thread, which answers calls; its metrics include those of the queue thread. */
const frontPlatform = (parts: Parts, local: LocalSender, thread: () => QueueThread | undefined) => {
  const { options, logger, url, token, world } = parts;
  const settingsEnv = settingsVariables(options.variables);
  const { environment } = options;
  const fakeMail = fakeMailOf(world);
  const platform = threadPlatform({ environment, url, token, settingsEnv, local, logger, fakeMail });
  measureProcess(platform.metrics);
  const metricsText = async (): Promise<string> =>
    sumMetrics([platform.metrics.text(), (await thread()?.metricsText()) ?? '']);
  return { ...platform, metricsText };
};

const queueThreadOf = ({ options, store, url, world }: Parts): Promise<QueueThread> =>
  startQueueThread({
    settings: {
      connection: store.connect('consumer'),
      queues: store.state.queues,
      environment: options.environment,
      url,
      functionsDirectory: options.functionsDirectory,
      fakeMail: fakeMailOf(world),
    },
    write: options.write,
  });

const startBehind = async (door: Door, parts: Parts): Promise<Host> => {
  const { options, store, url, token, world } = parts;
  const sandbox = world?.sandbox;
  let thread: QueueThread | undefined;
  const local = senderOn(store.connect('sender'), { clock: systemClock });
  const platform = frontPlatform(parts, local, () => thread);
  registerPlatform(platform);
  const functions = loadFunctions(options.functionsDirectory, ['ingest', 'console']);
  const dispatch = createDispatch({ functions, sandbox, token });
  const { settingsFile: file, dataDir } = options.environment;
  const mailServer = world === undefined ? {} : { mailServer: `${world.mail.host}:${world.mail.port}` };
  const findings = await applyFirstSettings({ file, sandbox, url, ...mailServer, dataDir }, { functions, token });
  thread = await queueThreadOf(parts);
  door.open(dispatch);
  await leaveAddress(options.environment.dataDir, url);
  const stop = stopOf({ server: door.server, platform, local, store, thread, mail: world?.mail });
  return { url, token, ...mailServer, findings, stop };
};

const prepared = async (dataDir: string): Promise<void> => {
  try {
    await prepareDirectory(dataDir);
    await access(dataDir, constants.W_OK);
  } catch (cause) {
    throw new DataDirectoryUnusableError(dataDir, { cause });
  }
};

/**
 * Starts everything on this machine and resolves when it answers. Throws CannotListenError, DataDirectoryLockedError, DataDirectoryUnusableError,
 * FunctionMissingError, SettingsRefusedError or StoreUnavailableError, each with a message for people.
 */
export const startHost = async (options: HostOptions): Promise<Host> => {
  const { environment, write } = options;
  const logger = createJsonLogger({ clock: systemClock, write, least: environment.logLevel });
  await prepared(environment.dataDir);
  const door = createDoor(logger);
  const port = await listen(door.server, environment);
  let store: LocalStore | undefined;
  let world: FakeWorld | undefined;
  try {
    store = await openStore(environment.dataDir);
    const token = await accessToken(environment.dataDir, environment.token);
    world = await startFakeWorld(environment, port);
    return await startBehind(door, { options, logger, store, url: urlOf(environment.host, port), token, world });
  } catch (error) {
    door.server.close();
    door.server.closeAllConnections();
    await world?.mail.close();
    await store?.close();
    throw error;
  }
};
