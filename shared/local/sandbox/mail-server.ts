import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { Exchange, FakeMail } from './mail.ts';
import { readLetter } from './mail-letter.ts';
import type { Refusal } from './mail-rules.ts';
import { selfSigned } from './self-signed.ts';

/** A mail server that runs: TLS from the first byte, with a login. */
export interface SandboxMail {
  host: string;
  port: number;
  /** In PEM; to be trusted at exactly this host and port. */
  certificate: string;
  close(): Promise<void>;
}

/** What a mail server works with; `wait` resolves after that many milliseconds. */
export interface SandboxMailParts {
  mail: FakeMail;
  wait: (delayMs: number) => Promise<unknown>;
  /** Taken when it is free, so that settings which name it stay valid; any free one otherwise. */
  port?: number;
}

const HOST = '127.0.0.1';
/** As DirectMail allows. Source: help.aliyun.com, limits of Direct Mail. */
const MAX_MAIL_BYTES = 15_728_640;
const CLOSE_MS = 500;

class RefusedError extends Error {
  readonly responseCode: number;
  constructor({ code, words }: Refusal) {
    super(words);
    this.name = 'RefusedError';
    this.responseCode = code;
  }
}

const asError = (refusal: Refusal | undefined): RefusedError | null => (refusal ? new RefusedError(refusal) : null);

const exchangeOf = ({ user, envelope }: SMTPServerSession, more: readonly string[] = []): Exchange => ({
  user: String(user ?? ''),
  sender: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
  recipients: [...envelope.rcptTo.map(({ address }) => address), ...more],
});

/** Connections by session, so that one can be cut. */
type Sockets = Map<string, Socket>;

type Taken = NonNullable<SMTPServerOptions['onData']>;

const takeContent =
  ({ mail, wait }: SandboxMailParts, sockets: Sockets): Taken =>
  async (stream, session, done) => {
    try {
      const exchange = exchangeOf(session);
      const target = exchange.recipients[0] ?? '';
      const raw = await buffer(stream);
      const letter = await readLetter(raw, { from: exchange.sender, to: exchange.recipients });
      const record = mail.content(exchange, letter);
      const { latencyMs = 0 } = mail.faultsFor(target) ?? {};
      if (latencyMs > 0) {
        record.fault = { ...record.fault, latencyMs };
        await wait(latencyMs);
      }
      if (mail.cuts(target)) {
        record.answer.reset = true;
        sockets.get(session.id)?.destroy();
        return;
      }
      const { status, body } = record.answer;
      if (status < 400) done(null, String(body));
      else done(new RefusedError({ code: status, words: String(body) }));
    } catch {
      done(new RefusedError({ code: 554, words: 'the message cannot be read' }));
    }
  };

const optionsOf = (parts: SandboxMailParts, sockets: Sockets): SMTPServerOptions => ({
  secure: true,
  name: 'sandbox.fenghuo.invalid',
  banner: 'Fenghuo sandbox',
  size: MAX_MAIL_BYTES,
  rejectOversized: true,
  disableReverseLookup: true,
  closeTimeout: CLOSE_MS,
  onSecure: (socket, session, done) => {
    sockets.set(session.id, socket);
    done();
  },
  onAuth: ({ username = '', password }, _, done) => {
    const refusal = parts.mail.login(username, password ?? '');
    if (refusal === undefined) done(null, { user: username });
    else done(new RefusedError(refusal));
  },
  onMailFrom: ({ address }, session, done) =>
    done(asError(parts.mail.sender({ ...exchangeOf(session), sender: address }))),
  onRcptTo: ({ address }, session, done) => done(asError(parts.mail.recipient(exchangeOf(session, [address])))),
  onData: takeContent(parts, sockets),
  onClose: ({ id }) => sockets.delete(id),
});

const listen = (server: SMTPServer, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    const listener: { address(): AddressInfo | string | null } = server.listen(port, HOST, () => {
      server.removeListener('error', reject);
      const address = listener.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });

/**
 * Starts a mail server on the loopback address, with a certificate that is made for this run. What it receives goes to the record of the
 * sandbox as provider `email`.
 */
export const startSandboxMail = async (parts: SandboxMailParts): Promise<SandboxMail> => {
  const { key, certificate } = selfSigned('Fenghuo sandbox');
  const server = new SMTPServer({ ...optionsOf(parts, new Map()), key, cert: certificate });
  const port = await listen(server, parts.port ?? 0).catch(() => listen(server, 0));
  // A client that hangs up or is refused in TLS is no fault of the host.
  server.on('error', () => undefined);
  return { host: HOST, port, certificate, close: () => new Promise((resolve) => server.close(resolve)) };
};
