import { createOpenApi } from '../adapters/aliyun/openapi.ts';
import type { LocalSender } from '../adapters/local/open.ts';
import { systemTimers } from '../adapters/local/timers.ts';
import type { MailTransportOptions, TrustedCertificate } from '../adapters/net/mail-transport.ts';
import type { Invoker } from '../ports/invoker.ts';
import type { Logger } from '../ports/logger.ts';
import type { Sealer } from '../ports/secrets.ts';
import { guardedHttpClient, mailTransportOnDemand } from '../runtime/guarded-clients.ts';
import { meteredHttp, meteredOutbox, meteredStore } from '../runtime/metered-ports.ts';
import { createMetrics } from '../runtime/metrics.ts';
import type { Platform } from '../runtime/platform.ts';
import { systemClock } from '../runtime/system-clock.ts';
import type { HostEnvironment } from './environment.ts';
import { openApiOptions } from './openapi-options.ts';

/** What the functions of one thread are given. */
export interface ThreadParts {
  environment: HostEnvironment;
  /** Address of this host, without a slash at the end. */
  url: string;
  token: string;
  settingsEnv: Readonly<Record<string, string>>;
  local: LocalSender;
  sealer: Sealer;
  invoker: Invoker;
  /** The fake mail server, which no public authority vouches for; absent when none runs. */
  fakeMail: TrustedCertificate | undefined;
  logger: Logger;
}

const reachable = (environment: HostEnvironment, url: string): string[] => {
  const own = environment.sandbox ? [new URL(url).host] : [];
  return [...environment.webhookAllow, ...own];
};

/** The fake mail server is vouched for by nobody but this host. */
const mailOptions = ({ environment, fakeMail }: ThreadParts): MailTransportOptions => {
  const { webhookAllow: allow } = environment;
  if (fakeMail === undefined) return { allow };
  return { allow: [...allow, `${fakeMail.host}:${fakeMail.port}`], trusted: [fakeMail] };
};

/** The platform of the functions that run in this thread. Throws BadEnvironmentError. */
export const threadPlatform = (parts: ThreadParts): Platform & { close(): Promise<void> } => {
  const { environment, url, token, settingsEnv, local, sealer, invoker, logger } = parts;
  const metrics = createMetrics();
  const http = guardedHttpClient(reachable(environment, url));
  const mail = mailTransportOnDemand(mailOptions(parts));
  return {
    store: meteredStore(local.store, metrics),
    outbox: meteredOutbox(local.outbox, metrics),
    queue: local.queue,
    http: meteredHttp(http, metrics),
    mail,
    openapi: createOpenApi(openApiOptions(environment, url)),
    sealer,
    invoker,
    clock: systemClock,
    timers: systemTimers(systemClock),
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
