import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type LocalStore, openLocalStore } from '../adapters/local/local-store.ts';
import type { TrustedCertificate } from '../adapters/net/mail-transport.ts';
import type { Invoker } from '../ports/invoker.ts';
import type { Logger } from '../ports/logger.ts';
import type { StoreUnavailableError } from '../ports/table-store.ts';
import { settingsVariables, type Variables } from '../runtime/environment.ts';
import { createJsonLogger } from '../runtime/json-logger.ts';
import { sumMetrics } from '../runtime/metrics-sum.ts';
import { type Platform, registerPlatform } from '../runtime/platform.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { accessToken, leaveAddress, prepareDirectory } from './data-directory.ts';
import { createDispatch, STARTING } from './dispatch.ts';
import type { HostEnvironment } from './environment.ts';
import { type FakeWorld, startFakeWorld } from './fake-world.ts';
import { applyFirstSettings } from './first-settings.ts';
import { FrontPriority } from './front-priority.ts';
import { FrontRest, sharedCalls } from './front-rest.ts';
import { loadFunctions } from './function-bundles.ts';
import { measureProcess } from './host-metrics.ts';
import { closeFront, createFront, type FrontHandler, listen } from './http-front.ts';
import { createLocalInvoker } from './local-invoker.ts';
import { type QueueWork, queueWorkOf } from './queue-work.ts';
import { openSealedStore, type SealedStore, startWhenReadable, type Work } from './sealed-store.ts';
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

interface Parts extends SealedStore {
  options: HostOptions;
  logger: Logger;
  url: string;
  token: string;
  world: FakeWorld | undefined;
}

/** An address that clients can use: a host that listens everywhere is reached over loopback. */
const urlOf = (host: string, port: number): string => {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
};

interface Running extends Pick<Parts, 'store' | 'local' | 'world'> {
  server: Server;
  platform: Platform & { close(): Promise<void> };
  work: Work;
}

const stopOf =
  ({ server, platform, local, store, work, world }: Running) =>
  async (): Promise<void> => {
    await closeFront(server);
    await work.stop();
    await platform.close();
    await world?.mail.close();
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

/** Without its store nothing here can go on; the next start can. */
const endWith = (error: StoreUnavailableError): never => {
  throw error;
};

/** What another thread may know of the fake mail server. */
const fakeMailOf = (world: FakeWorld | undefined): TrustedCertificate | undefined => {
  if (world === undefined) return undefined;
  const { host, port, certificate } = world.mail;
  return { host, port, certificate };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** In two turns of the event loop every call that has arrived by now is read. */
const twoTurns = async (): Promise<void> => {
  await turn();
  await turn();
};

/** The platform of this thread, which answers calls; its metrics include those of the queue thread. */
const frontPlatform = (parts: Parts, queueWork: QueueWork, invoker: Invoker) => {
  const { options, world } = parts;
  const { environment } = options;
  const settingsEnv = settingsVariables(options.variables);
  const platform = threadPlatform({ ...parts, environment, settingsEnv, invoker, fakeMail: fakeMailOf(world) });
  measureProcess(platform.metrics);
  const metricsText = async (): Promise<string> => sumMetrics([platform.metrics.text(), await queueWork.metricsText()]);
  return { ...platform, metricsText, lingerForCalls: twoTurns };
};

const begin = async (platform: Platform, queueWork: QueueWork): Promise<Work> => {
  const work = await startWhenReadable(platform, queueWork.start);
  if (work.problem !== undefined) platform.logger.error('work waits for the settings', { reason: work.problem });
  return work;
};

const startBehind = async (door: Door, parts: Parts): Promise<Host> => {
  const { options, url, token, world } = parts;
  const { environment, functionsDirectory, write } = options;
  // Those behind queues too: test messages are sent here, and much else when there is time.
  const functions = loadFunctions(functionsDirectory);
  const frontCalls = sharedCalls();
  const fakeMail = fakeMailOf(world);
  const queueWork = queueWorkOf({ ...parts, environment, functionsDirectory, functions, write, fakeMail, frontCalls });
  const platform = frontPlatform(parts, queueWork, createLocalInvoker(functions));
  registerPlatform(platform);
  const { settingsFile: file, dataDir } = environment;
  const mailServer = world === undefined ? {} : { mailServer: `${world.mail.host}:${world.mail.port}` };
  const first = { file, sandbox: world?.sandbox, url, ...mailServer, dataDir };
  const found = await applyFirstSettings(first, { functions, token });
  const work = await begin(platform, queueWork);
  const findings = work.problem === undefined ? found : [work.problem, ...found];
  const rest = new FrontRest(frontCalls);
  const priority = new FrontPriority(queueWork.waiting);
  const dispatch = createDispatch({ functions, sandbox: world?.sandbox, token });
  door.open(async (call) => {
    priority.adjust();
    rest.callBegins(systemClock.nowMs());
    try {
      return await dispatch(call);
    } finally {
      rest.callEnds(systemClock.nowMs());
    }
  });
  await leaveAddress(dataDir, url);
  return { url, token, ...mailServer, findings, stop: stopOf({ server: door.server, platform, work, ...parts }) };
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
 * FunctionMissingError, SecretKeyDamagedError, SettingsRefusedError or StoreUnavailableError, each with a message for people.
 */
export const startHost = async (options: HostOptions): Promise<Host> => {
  const { environment, write } = options;
  const logger = createJsonLogger({ clock: systemClock, write, least: environment.logLevel });
  await prepared(environment.dataDir);
  const door = createDoor(logger);
  const port = await listen(door.server, environment);
  let opened: SealedStore | undefined;
  let world: FakeWorld | undefined;
  try {
    opened = await openSealedStore(environment, () => openStore(environment.dataDir));
    void opened.store.died.then(endWith);
    const token = await accessToken(environment.dataDir, environment.token);
    world = await startFakeWorld(environment, port);
    return await startBehind(door, { options, logger, ...opened, url: urlOf(environment.host, port), token, world });
  } catch (error) {
    door.server.close();
    door.server.closeAllConnections();
    await world?.mail.close();
    await opened?.store.close();
    throw error;
  }
};
