import { createOpenApi } from '../adapters/aliyun/openapi.ts';
import type { LocalSender } from '../adapters/local/open.ts';
import { AllowListError } from '../adapters/net/address-guard.ts';
import { createHttpClient } from '../adapters/net/http-client.ts';
import type { TrustedCertificate } from '../adapters/net/mail-transport.ts';
import type { Logger } from '../ports/logger.ts';
import type { MailTransport } from '../ports/mail-transport.ts';
import type { Sealer } from '../ports/secrets.ts';
import { meteredHttp, meteredOutbox, meteredStore } from '../runtime/metered-ports.ts';
import { createMetrics } from '../runtime/metrics.ts';
import type { Platform } from '../runtime/platform.ts';
import { BadEnvironmentError, type HostEnvironment } from './environment.ts';
import { openApiOptions } from './openapi-options.ts';
import { systemClock } from './system-clock.ts';

/** What the functions of one thread are given. */
export interface ThreadParts {
  environment: HostEnvironment;
  /** Address of this host, without a slash at the end. */
  url: string;
  token: string;
  settingsEnv: Readonly<Record<string, string>>;
  local: LocalSender;
  sealer: Sealer;
  /** The fake mail server, which no public authority vouches for; absent when none runs. */
  fakeMail: TrustedCertificate | undefined;
  logger: Logger;
}

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

/** The mail client is loaded with the first mail: a thread that sends none need not carry it in its memory. */
const mailTransportFor = ({ environment, fakeMail }: ThreadParts): MailTransport & { close(): Promise<void> } => {
  const { webhookAllow } = environment;
  const options =
    fakeMail === undefined
      ? { allow: webhookAllow }
      : { allow: [...webhookAllow, `${fakeMail.host}:${fakeMail.port}`], trusted: [fakeMail] };
  const load = async () => (await import('../adapters/net/mail-transport.ts')).createMailTransport(options);
  let loading: ReturnType<typeof load> | undefined;
  return {
    send: async (request) => {
      loading ??= load();
      return (await loading).send(request);
    },
    close: async () => (await loading)?.close(),
  };
};

/** The platform of the functions that run in this thread. Throws BadEnvironmentError. */
export const threadPlatform = (parts: ThreadParts): Platform & { close(): Promise<void> } => {
  const { environment, url, token, settingsEnv, local, sealer, logger } = parts;
  const metrics = createMetrics();
  const http = guardedClient(reachable(environment, url));
  const mail = mailTransportFor(parts);
  return {
    store: meteredStore(local.store, metrics),
    outbox: meteredOutbox(local.outbox, metrics),
    queue: local.queue,
    http: meteredHttp(http, metrics),
    mail,
    openapi: createOpenApi(openApiOptions(environment, url)),
    sealer,
    clock: systemClock,
    logger,
    metrics,
    metricsText: () => Promise.resolve(metrics.text()),
    accessToken: token,
    settingsEnv,
    consoleUrl: environment.consoleUrl ?? url,
    close: async () => {
      await mail.close();
      await http.close();
    },
  };
};
