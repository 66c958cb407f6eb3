import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createOpenApi } from '../adapters/aliyun/openapi.ts';
import { type LocalPlatform, openLocalPlatform } from '../adapters/local/open.ts';
import { AllowListError } from '../adapters/net/address-guard.ts';
import { createHttpClient } from '../adapters/net/http-client.ts';
import { createMailTransport } from '../adapters/net/mail-transport.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { createJsonLogger } from '../runtime/json-logger.ts';
import { meteredHttp, meteredOutbox, meteredStore } from '../runtime/metered-ports.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { type Platform, registerPlatform } from '../runtime/platform.ts';
import { accessToken, leaveAddress, prepareDirectory } from './data-directory.ts';
import { createDispatch, STARTING } from './dispatch.ts';
import { BadEnvironmentError, type HostEnvironment, settingsVariables, type Variables } from './environment.ts';
import { applyFirstSettings } from './first-settings.ts';
import { type FunctionBundles, loadFunctions } from './function-bundles.ts';
import { measureHost } from './host-metrics.ts';
import { closeFront, createFront, type FrontHandler, listen } from './http-front.ts';
import { openApiOptions } from './openapi-options.ts';
import { startPumps } from './queue-pumps.ts';
import { createSandbox, type Sandbox } from './sandbox/index.ts';
import type { SandboxMail } from './sandbox/mail-server.ts';
import { startSweepTimer } from './timer-trigger.ts';

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
  /** `host:port` of the built-in mail server; absent without the sandbox. */
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

const systemClock: Clock = { nowMs: () => Date.now() };

interface Parts {
  options: HostOptions;
  logger: Logger;
  local: LocalPlatform;
  url: string;
  token: string;
  world: FakeWorld | undefined;
}

/** The fake providers, with the mail server among them running. */
interface FakeWorld {
  sandbox: Sandbox;
  mail: SandboxMail;
}

const startWorld = async (environment: HostEnvironment, port: number): Promise<FakeWorld | undefined> => {
  if (!environment.sandbox) return undefined;
  const sandbox = createSandbox({ clock: systemClock });
  return { sandbox, mail: await sandbox.startMail(port + 1) };
};

const mailTransportFor = ({ options, world }: Parts): ReturnType<typeof createMailTransport> => {
  const { webhookAllow } = options.environment;
  if (world === undefined) return createMailTransport({ allow: webhookAllow });
  const { host, port } = world.mail;
  return createMailTransport({ allow: [...webhookAllow, `${host}:${port}`], trusted: [world.mail] });
};

const reachable = (environment: HostEnvironment, url: string): string[] => {
  const own = environment.sandbox ? [new URL(url).host] : [];
  return [...environment.webhookAllow, ...own];
};

const guardedClient = (allow: readonly string[]): ReturnType<typeof createHttpClient> => {
  try {
    return createHttpClient({ allow });
  } catch (cause) {
    if (!(cause instanceof AllowListError)) throw cause;
    throw new BadEnvironmentError('FENGHUO_WEBHOOK_ALLOW', cause.message, { cause });
  }
};

const platformOf = (parts: Parts): Platform & { close(): Promise<void> } => {
  const { options, logger, local, url, token } = parts;
  const metrics = createMetrics();
  const http = guardedClient(reachable(options.environment, url));
  const mail = mailTransportFor(parts);
  measureHost(metrics, local.queue);
  return {
    store: meteredStore(local.store, metrics),
    outbox: meteredOutbox(local.outbox, metrics),
    queue: local.queue,
    http: meteredHttp(http, metrics),
    mail,
    openapi: createOpenApi(openApiOptions(options.environment, url)),
    clock: systemClock,
    logger,
    metrics,
    accessToken: token,
    settingsEnv: settingsVariables(options.variables),
    consoleUrl: url,
    close: async () => {
      mail.close();
      await http.close();
    },
  };
};

/** An address that clients can use: a host that listens everywhere is reached over loopback. */
const urlOf = (host: string, port: number): string => {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
};

interface Running {
  server: Server;
  platform: Platform & { close(): Promise<void> };
  local: LocalPlatform;
  functions: FunctionBundles;
  mail: SandboxMail | undefined;
}

const startWork = ({ server, platform, local, functions, mail }: Running): (() => Promise<void>) => {
  const stopPumps = startPumps({ ...platform, queue: local.queue, functions });
  const stopTimer = startSweepTimer({ ...platform, functions });
  return async () => {
    await closeFront(server);
    await Promise.all([stopPumps(), stopTimer()]);
    await platform.close();
    await mail?.close();
    await local.close();
    registerPlatform(undefined);
  };
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

const openStore = async (dataDir: string): Promise<LocalPlatform> => {
  const workerUrl = new URL('./store-worker.js', import.meta.url);
  return openLocalPlatform({ dataDir, clock: systemClock, ...(existsSync(workerUrl) ? { workerUrl } : {}) });
};

const startBehind = async (door: Door, parts: Parts): Promise<Host> => {
  const { options, local, url, token, world } = parts;
  const sandbox = world?.sandbox;
  const platform = platformOf(parts);
  registerPlatform(platform);
  const functions = loadFunctions(options.functionsDirectory);
  const dispatch = createDispatch({ functions, sandbox, token });
  const { settingsFile: file, dataDir } = options.environment;
  const findings = await applyFirstSettings({ file, sandbox, url, dataDir }, { functions, token });
  const stop = startWork({ server: door.server, platform, local, functions, mail: world?.mail });
  door.open(dispatch);
  await leaveAddress(options.environment.dataDir, url);
  const mailServer = world === undefined ? {} : { mailServer: `${world.mail.host}:${world.mail.port}` };
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
  let local: LocalPlatform | undefined;
  let world: FakeWorld | undefined;
  try {
    local = await openStore(environment.dataDir);
    const token = await accessToken(environment.dataDir, environment.token);
    world = await startWorld(environment, port);
    return await startBehind(door, { options, logger, local, url: urlOf(environment.host, port), token, world });
  } catch (error) {
    door.server.close();
    door.server.closeAllConnections();
    await world?.mail.close();
    await local?.close();
    throw error;
  }
};
