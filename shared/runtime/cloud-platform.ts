import { randomUUID } from 'node:crypto';
import { createFunctionInvoker } from '../adapters/aliyun/function-invoker.ts';
import { createOpenApi } from '../adapters/aliyun/openapi.ts';
import { PackedRows, type Packing } from '../adapters/aliyun/packed-rows.ts';
import { SmqQueue } from '../adapters/aliyun/smq-queue.ts';
import { TablestoreStore } from '../adapters/aliyun/tablestore-store.ts';
import { writeThenSend } from '../adapters/aliyun/write-then-send.ts';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { systemTimers } from '../adapters/local/timers.ts';
import { CHANNEL_NAMES } from '../channels/registry.ts';
import { deliveryPackOf, isDeliveryPack } from '../domain/delivery.ts';
import type { Invoker } from '../ports/invoker.ts';
import type { Outbox } from '../ports/outbox.ts';
import { type Sealer, SecretsUnreadableError } from '../ports/secrets.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type CloudEnvironment, readCloudEnvironment } from './cloud-environment.ts';
import { CurrentCall } from './current-call.ts';
import { BadEnvironmentError, type Variables } from './environment.ts';
import type { FunctionContext } from './function-context.ts';
import { guardedHttpClient, mailTransportOnDemand } from './guarded-clients.ts';
import { createJsonLogger } from './json-logger.ts';
import { withoutLeftOut } from './left-out-channels.ts';
import { meteredHttp, meteredOutbox, meteredStore } from './metered-ports.ts';
import { createMetrics } from './metrics.ts';
import { pause } from './pause.ts';
import type { Platform } from './platform.ts';
import { systemClock } from './system-clock.ts';

/** The platform of a deployed function, and what it must be told when an invocation begins. */
export interface CloudPlatform {
  platform: Platform;
  /** From now on the clients use the credentials of this invocation, and lines go to its log. */
  begin(context: FunctionContext): void;
}

/** How long the queues hide what was handed over; deployed functions are called by triggers and receive nothing themselves. */
const VISIBILITY_MS = 300_000;
/** Answers of a provider to one call come within some milliseconds of each other; well below the 50 ms that a batch may take beside its slowest answer. */
const RECEIPTS_MS = 20;

const noKey = (): never => {
  throw new SecretsUnreadableError(
    'FENGHUO_SECRET_KEY: is not set for this function, so it can neither open nor seal the secrets of the settings. Set it and deploy again; nothing was given up.',
  );
};

/** Not every function needs the key; one that does says so when it does. */
const WITHOUT_KEY: Sealer = {
  get keyId(): string {
    return noKey();
  },
  seal: noKey,
  open: noKey,
  digest: noKey,
  isDigestOf: noKey,
};

const sealerOf = ({ secretKey, previousSecretKeys }: CloudEnvironment): Sealer =>
  secretKey === undefined ? WITHOUT_KEY : createSealer({ key: secretKey, previous: previousSecretKeys });

/** What a batch tells one target shares a row, so that a burst does not write two rows for each message. */
const DELIVERIES: Packing = { table: 'deliveries', packOf: deliveryPackOf, isPack: isDeliveryPack };

const storeOf = (environment: CloudEnvironment, call: CurrentCall): TableStore => {
  const tables = environment.namePrefix.replaceAll('-', '_');
  const store = new TablestoreStore({
    endpoint: environment.tablestoreEndpoint,
    instance: environment.tablestoreInstance,
    credentials: () => call.credentials(),
    sleep: pause,
    random: Math.random,
    nonce: randomUUID,
    nameOf: (table) => `${tables}_${table}`,
  });
  return new PackedRows(store, DELIVERIES, { clock: systemClock, sleep: pause, random: Math.random });
};

const queueOf = ({ namePrefix, smqEndpoint }: CloudEnvironment, call: CurrentCall): SmqQueue =>
  new SmqQueue({
    endpoint: smqEndpoint,
    credentials: () => call.credentials(),
    clock: systemClock,
    sleep: pause,
    random: Math.random,
    nameOf: (queue) => `${namePrefix}-${queue}`,
    deadName: `${namePrefix}-dead`,
    visibilityMs: VISIBILITY_MS,
  });

const clientsOf = (environment: CloudEnvironment, call: CurrentCall) => {
  const { webhookAllow, openApiEndpoint } = environment;
  return {
    http: guardedHttpClient(webhookAllow),
    mail: mailTransportOnDemand({ allow: webhookAllow }),
    openapi: createOpenApi({
      credentials: () => call.credentials(),
      ...(openApiEndpoint === undefined ? {} : { endpoint: openApiEndpoint }),
    }),
  };
};

/** Few functions invoke others; one that does says what it lacks when it does. */
const invokerOf = ({ namePrefix, fcEndpoint }: CloudEnvironment, call: CurrentCall): Invoker => {
  const missing = (): Promise<never> =>
    Promise.reject(new BadEnvironmentError('FENGHUO_FC_ENDPOINT', 'must be set for a function that invokes others'));
  if (fcEndpoint === undefined) return { invoke: missing };
  return createFunctionInvoker({
    endpoint: fcEndpoint,
    credentials: () => call.credentials(),
    accountId: () => call.accountId,
    nameOf: (name) => `${namePrefix}-${name}`,
    sleep: pause,
    random: Math.random,
  });
};

const outboxOf = ({ channels }: CloudEnvironment, outbox: Outbox): Outbox =>
  channels === undefined ? outbox : withoutLeftOut(outbox, channels, systemClock);

const optionalOf = ({ consoleUrl, channels }: CloudEnvironment): Partial<Platform> => ({
  ...(consoleUrl === undefined ? {} : { consoleUrl }),
  ...(channels === undefined ? {} : { deployedChannels: channels }),
});

/**
 * The platform of a deployed function, made of its environment: queues of SMQ, tables of Tablestore, and clients that are kept over invocations while their
 * credentials are not. The SDKs are loaded by the first call that needs them. Throws BadEnvironmentError.
 */
export const createCloudPlatform = (variables: Variables): CloudPlatform => {
  const environment = readCloudEnvironment(variables, CHANNEL_NAMES);
  const call = new CurrentCall(environment.fallbackCredentials);
  const metrics = createMetrics();
  const store = storeOf(environment, call);
  const queue = queueOf(environment, call);
  const { http, mail, openapi } = clientsOf(environment, call);
  const write = (line: string, level: CloudEnvironment['logLevel']): void => call.write(line, level);
  const platform: Platform = {
    store: meteredStore(store, metrics),
    queue,
    outbox: outboxOf(environment, meteredOutbox(writeThenSend(store, queue), metrics)),
    http: meteredHttp(http, metrics),
    mail,
    openapi,
    invoker: invokerOf(environment, call),
    sealer: sealerOf(environment),
    clock: systemClock,
    timers: systemTimers(systemClock),
    logger: createJsonLogger({ clock: systemClock, write, least: environment.logLevel }),
    metrics,
    metricsText: () => Promise.resolve(metrics.text()),
    accessToken: environment.token ?? '',
    settingsEnv: environment.settingsEnv,
    lingerForReceipts: () => pause(RECEIPTS_MS),
    ...optionalOf(environment),
  };
  return { platform, begin: (context) => call.begin(context) };
};
