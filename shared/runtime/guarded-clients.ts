import { AllowListError } from '../adapters/net/address-guard.ts';
import { createHttpClient } from '../adapters/net/http-client.ts';
import type { MailTransportOptions } from '../adapters/net/mail-transport.ts';
import type { MailTransport } from '../ports/mail-transport.ts';
import { BadEnvironmentError } from './environment.ts';

/** The HTTP client that may reach what the operator allows. Throws BadEnvironmentError for an entry that is none. */
export const guardedHttpClient = (allow: readonly string[]): ReturnType<typeof createHttpClient> => {
  try {
    return createHttpClient({ allow });
  } catch (cause) {
    if (!(cause instanceof AllowListError)) throw cause;
    throw new BadEnvironmentError('FENGHUO_WEBHOOK_ALLOW', cause.message, { cause });
  }
};

/** The mail client is loaded with the first mail: who sends none need not carry it in memory. */
export const mailTransportOnDemand = (options: MailTransportOptions): MailTransport & { close(): Promise<void> } => {
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
