import { createOpenApi } from '../adapters/aliyun/openapi.ts';
import type { LocalSender } from '../adapters/local/open.ts';
import { AllowListError } from '../adapters/net/address-guard.ts';
import { createHttpClient } from '../adapters/net/http-client.ts';
import { createMailTransport, type TrustedCertificate } from '../adapters/net/mail-transport.ts';
import type { Logger } from '../ports/logger.ts';
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

const mailTransportFor = ({ environment, fakeMail }: ThreadParts): ReturnType<typeof createMailTransport> => {
  const { webhookAllow } = environment;
  if (fakeMail === undefined) return createMailTransport({ allow: webhookAllow });
  return createMailTransport({
    allow: [...webhookAllow, `${fakeMail.host}:${fakeMail.port}`],
    trusted: [fakeMail],
  });
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
    consoleUrl: url,
    close: async () => {
      mail.close();
      await http.close();
    },
  };
};
