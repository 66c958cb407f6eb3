import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { selfSigned } from '../../shared/local/sandbox/self-signed.ts';

/** Where in a conversation a server says something of its own. */
export type Turn = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

/** What a server does at the next mails; `say` is sent as it is, with an end of line. */
export interface Script {
  at: Turn;
  act: { say: string | Buffer } | 'reset' | 'hang';
}

/** A mail that came whole. */
export interface RawMail {
  user: string;
  from: string;
  to: string[];
  raw: Buffer;
}

export interface ScriptedSmtp {
  port: number;
  certificate: string;
  script: Script | undefined;
  /** Called with every mail that came whole, before it is answered. */
  onMail: (mail: RawMail) => Promise<void>;
  /** How many connections were made. */
  connections(): number;
  /** Lets every open connection go. */
  hangUp(): void;
  close(): Promise<void>;
}

const END = Buffer.from('\r\n.\r\n');
const USUAL: Readonly<Record<Turn, string>> = {
  connect: '220 scripted ESMTP',
  auth: '235 Authentication successful',
  mail: '250 OK',
  rcpt: '250 OK',
  data: '250 OK queued',
};

const pathOf = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
const userOf = (line: string): string =>
  Buffer.from(line.split(' ')[2] ?? '', 'base64')
    .toString()
    .split('\0')[1] ?? '';
const undotted = (raw: Buffer): Buffer => Buffer.from(raw.toString('latin1').replace(/^\.\./gm, '.'), 'latin1');

/** One conversation. */
class Talk {
  readonly #socket: TLSSocket;
  readonly #server: ScriptedSmtp;
  #pending = Buffer.alloc(0);
  #inData = false;
  #mail: RawMail = { user: '', from: '', to: [], raw: Buffer.alloc(0) };

  constructor(socket: TLSSocket, server: ScriptedSmtp) {
    this.#socket = socket;
    this.#server = server;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      void this.#read();
    });
    this.#turn('connect');
  }

  async #read(): Promise<void> {
    while (this.#inData ? this.#pending.includes(END) : this.#pending.includes('\n')) {
      if (this.#inData) await this.#content();
      else this.#command(this.#take('\r\n').toString());
    }
  }

  #take(end: string | Buffer): Buffer {
    const at = this.#pending.indexOf(end);
    const taken = this.#pending.subarray(0, at);
    this.#pending = this.#pending.subarray(at + end.length);
    return taken;
  }

  async #content(): Promise<void> {
    this.#inData = false;
    const raw = undotted(this.#take(END));
    await this.#server.onMail({ ...this.#mail, raw });
    this.#mail = { ...this.#mail, from: '', to: [] };
    this.#turn('data');
  }

  #command(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') this.#say('250-scripted\r\n250-8BITMIME\r\n250 AUTH PLAIN');
    else if (verb === 'AUTH') {
      this.#mail.user = userOf(line);
      this.#turn('auth');
    } else if (verb === 'MAIL') {
      this.#mail.from = pathOf(line);
      this.#turn('mail');
    } else if (verb === 'RCPT') {
      this.#mail.to.push(pathOf(line));
      this.#turn('rcpt');
    } else if (verb === 'DATA') {
      this.#inData = true;
      this.#say('354 go on');
    } else if (verb === 'QUIT') this.#socket.end('221 bye\r\n');
    else this.#say(verb === 'RSET' ? '250 OK' : '500 unrecognized');
  }

  #turn(turn: Turn): void {
    const { script } = this.#server;
    const act = script?.at === turn ? script.act : { say: USUAL[turn] };
    if (act === 'hang') return;
    if (act === 'reset') this.#socket.destroy();
    else this.#say(act.say);
  }

  #say(words: string | Buffer): void {
    this.#socket.write(Buffer.concat([Buffer.from(words), Buffer.from('\r\n')]));
  }
}

/** A mail server over TLS that takes every login and every mail, but for what its script says. */
export const startScriptedSmtp = async (): Promise<ScriptedSmtp> => {
  const { key, certificate } = selfSigned('scripted');
  const sockets = new Set<TLSSocket>();
  let connections = 0;
  const server = createServer({ key, cert: certificate }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Talk(socket, smtp);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const smtp: ScriptedSmtp = {
    port: (server.address() as AddressInfo).port,
    certificate,
    script: undefined,
    onMail: () => Promise.resolve(),
    connections: () => connections,
    hangUp,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
  return smtp;
};
