import { createTransport, type SMTPPoolOptions, type SMTPPoolSentMessageInfo, type Transporter } from 'nodemailer';
import {
  MailError,
  type MailReceipt,
  type MailRequest,
  type MailServer,
  type MailTransport,
} from '../../ports/mail-transport.ts';
import { type AddressGuard, createAddressGuard } from './address-guard.ts';
import { guardedSocket } from './guarded-socket.ts';
import { mailFailure } from './mail-failure.ts';
import { mailMessage } from './mail-message.ts';
import { MailPools } from './mail-pools.ts';
import { serverWords } from './server-words.ts';

/** A certificate that is trusted at exactly one host and port and nowhere else, in PEM. */
export interface TrustedCertificate {
  host: string;
  port: number;
  certificate: string;
}

/** How a transport is made: `allow` lists CIDRs, addresses, hosts or host:port that may be reached although they are not public. */
export interface MailTransportOptions {
  allow: readonly string[];
  trusted?: readonly TrustedCertificate[];
}

/** Source: the platform closes port 25 for everybody; facts of Alibaba Cloud ECS and Function Compute. */
const CLOSED_PORT = 25;
const CONNECT_MS = 10_000;
/** A server may think that long before it answers; the whole exchange has its own end. */
const SILENCE_MS = 25_000;
const CLOSE_MS = 1_000;
/** Few connections with many mails each: providers count logins and connections, not mails on one of them. */
const MAX_CONNECTIONS = 3;
const MAILS_PER_CONNECTION = 50;
const MAX_RECIPIENTS = 50;
const MAX_ANSWER_BYTES = 16_384;

type Mailer = Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

/** What is known about a mail under way. */
interface Progress {
  written: boolean;
}

interface World {
  guard: AddressGuard;
  trusted: readonly TrustedCertificate[];
  /** By the signal of the request, which is the only thing that nodemailer hands through. */
  progress: WeakMap<AbortSignal, Progress>;
}

const hostOf = ({ host }: MailServer): string => host.replace(/^\[|\]$/g, '').toLowerCase();

const tlsOf = (server: MailServer, { trusted }: World): SMTPPoolOptions['tls'] => {
  const pinned = trusted.find(({ host, port }) => host === hostOf(server) && port === server.port);
  return { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(pinned ? { ca: pinned.certificate } : {}) };
};

const socketFor =
  (server: MailServer, { guard }: World): NonNullable<SMTPPoolOptions['getSocket']> =>
  (_, done) => {
    const destination = { hostname: hostOf(server), port: server.port };
    guardedSocket(destination, { guard, timeoutMs: CONNECT_MS }).then((connection) => done(null, { connection }), done);
  };

const mailerFor =
  (world: World) =>
  (server: MailServer): Mailer => {
    const mailer = createTransport({
      pool: true,
      host: hostOf(server),
      port: server.port,
      secure: server.implicitTls,
      requireTLS: !server.implicitTls,
      auth: { user: server.user, pass: server.password },
      forceAuth: true,
      tls: tlsOf(server, world),
      getSocket: socketFor(server, world),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      socketCloseTimeout: CLOSE_MS,
      maxResponseSize: MAX_ANSWER_BYTES,
      maxConnections: MAX_CONNECTIONS,
      maxMessages: MAILS_PER_CONNECTION,
      maxRequeues: 1,
      maxRecipients: MAX_RECIPIENTS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    // The content is read only after the server asked for it, and the mail is complete only after its end: before, it cannot be taken.
    mailer.use('stream', (mail, next) => {
      const progress = mail.data.signal ? world.progress.get(mail.data.signal) : undefined;
      mail.message.processFunc((content) =>
        content.once('end', () => {
          if (progress) progress.written = true;
        }),
      );
      next();
    });
    return mailer;
  };

const receiptOf = (info: SMTPPoolSentMessageInfo): MailReceipt => ({
  response: serverWords(info.response),
  rejected: (info.rejectedErrors ?? []).map(({ recipient, response }) => ({
    address: recipient ?? '',
    response: serverWords(response ?? ''),
  })),
});

const assertOpenPort = ({ port }: MailServer): void => {
  if (port !== CLOSED_PORT) return;
  throw new MailError({ code: 'EPORT', sent: 'no', message: 'port 25 is closed on the platform; use 465 or 587' });
};

/**
 * A {@link MailTransport} over kept connections, one pool for each server and login. It connects only to public addresses and to what
 * `allow` names (`ESSRF` otherwise), never to port 25 (`EPORT`), always checks the certificate, and never logs in without TLS. Each exchange ends
 * after its `timeoutMs`. Throws AllowListError for a bad entry. `close` ends everything that is under way.
 */
export const createMailTransport = ({
  allow,
  trusted = [],
}: MailTransportOptions): MailTransport & { close(): void } => {
  const world: World = { guard: createAddressGuard(allow), trusted, progress: new WeakMap() };
  const pools = new MailPools(mailerFor(world));
  const send = async ({ server, mail, timeoutMs }: MailRequest): Promise<MailReceipt> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const progress: Progress = { written: false };
    world.progress.set(signal, progress);
    try {
      assertOpenPort(server);
      const message = mailMessage(mail);
      return receiptOf(await pools.use(server, (mailer) => mailer.sendMail({ ...message, signal })));
    } catch (error) {
      throw mailFailure(error, progress.written);
    }
  };
  return { send, close: () => pools.close() };
};
