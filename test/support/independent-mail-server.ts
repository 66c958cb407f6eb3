import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { selfSigned } from '../../shared/local/sandbox/self-signed.ts';

/** A mail server that is not ours, over TLS from the first byte with a login. */
export interface IndependentMailServer {
  host: string;
  port: number;
  certificate: string;
  user: string;
  password: string;
  /** The mails that it has, whole and raw, as it stored them. */
  stored(): Promise<string[]>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const USER = 'alert@sender.test';
const PASSWORD = 'independent-code-0001';
const RECIPIENT_DOMAIN = 'reader.test';
/** Debian's exim4, which lets nobody but root run it as a server. */
const EXIM = process.getuid?.() === 0 && existsSync('/usr/sbin/exim4') ? '/usr/sbin/exim4' : undefined;

/** Which server it is; where exim4 is not installed, or not allowed, another one stands in its place. */
export const INDEPENDENT_SOFTWARE = EXIM === undefined ? 'smtp-server (no exim4 to run here)' : 'exim4';

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const eximConfig = (folder: string, port: number): string => `
primary_hostname = independent.test
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%s
pid_file_path = ${folder}/pid
local_interfaces = ${HOST}
daemon_smtp_ports = ${port}
tls_on_connect_ports = ${port}
tls_advertise_hosts = *
tls_certificate = ${folder}/certificate.pem
tls_privatekey = ${folder}/key.pem
auth_advertise_hosts = *
host_lookup =
queue_only
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
begin acl
acl_mail:
  deny message = log in first
       !authenticated = *
  deny message = Mail from must equal authorized user
       !condition = \${if eqi{$sender_address}{$authenticated_id}}
  accept
acl_rcpt:
  accept domains = ${RECIPIENT_DOMAIN}
  deny message = no such user here
acl_data:
  deny message = headers are broken
       !verify = header_syntax
  accept
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${USER}}}{eq{$auth3}{${PASSWORD}}}}}
  server_set_id = $auth2
`;

/** Header lines of a spool file: a number of characters, a flag, a space, and then that many characters. */
const spooledHeaders = (file: string): string => {
  let rest = file.slice(file.indexOf('\n\n') + 2);
  let headers = '';
  for (let found = /^(\d{3,})(.) /.exec(rest); found !== null; found = /^(\d{3,})(.) /.exec(rest)) {
    const start = found[0].length;
    const end = start + Number(found[1]);
    if (found[2] !== '*') headers += rest.slice(start, end);
    rest = rest.slice(end).replace(/^\n/, '');
  }
  return headers;
};

const spooled = (folder: string): string[] => {
  const input = join(folder, 'spool', 'input');
  if (!existsSync(input)) return [];
  return readdirSync(input)
    .filter((name) => name.endsWith('-H'))
    .map((name) => {
      const headers = spooledHeaders(readFileSync(join(input, name), 'latin1'));
      const body = readFileSync(join(input, name.replace(/-H$/, '-D')), 'latin1');
      return `${headers}\n${body.slice(body.indexOf('\n') + 1)}`;
    });
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, HOST, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

const untilItAnswers = async (port: number, child: ChildProcess): Promise<void> => {
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`exim ended with ${child.exitCode}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** The server and the processes that it made for its connections: they are a group of their own. */
const stop = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await gone;
};

/** The server gives up its rights after it has begun, so the folder is open to whom it becomes. */
const prepared = (certificate: string, key: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fenghuo-exim-'));
  for (const name of ['spool', 'log']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'certificate.pem'), certificate);
  writeFileSync(join(folder, 'key.pem'), key);
  for (const name of ['', 'spool', 'log']) chmodSync(join(folder, name), 0o777);
  return folder;
};

const startExim = async (binary: string): Promise<IndependentMailServer> => {
  const { certificate, key } = selfSigned('independent');
  const folder = prepared(certificate, key);
  const port = await freePort();
  const config = join(folder, 'exim.conf');
  writeFileSync(config, eximConfig(folder, port), { mode: 0o644 });
  const child = spawn(binary, ['-C', config, '-bdf'], { stdio: 'ignore', detached: true });
  const close = async (): Promise<void> => {
    await stop(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  await untilItAnswers(port, child).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    host: HOST,
    port,
    certificate,
    user: USER,
    password: PASSWORD,
    stored: async () => spooled(folder),
    close,
  };
};

const refusal = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });

const startSmtpServer = async (): Promise<IndependentMailServer> => {
  const { certificate, key } = selfSigned('independent');
  const mails: string[] = [];
  const server = new SMTPServer({
    secure: true,
    key,
    cert: certificate,
    closeTimeout: 500,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _, done) =>
      username === USER && password === PASSWORD
        ? done(null, { user: USER })
        : done(refusal(535, 'Incorrect authentication data')),
    onMailFrom: ({ address }, _, done) =>
      done(address === USER ? null : refusal(550, 'Mail from must equal authorized user')),
    onRcptTo: ({ address }, _, done) =>
      done(address.endsWith(`@${RECIPIENT_DOMAIN}`) ? null : refusal(550, 'no such user here')),
    onData: async (stream, _, done) => {
      mails.push((await buffer(stream)).toString('latin1'));
      done(null, 'stored');
    },
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    host: HOST,
    port,
    certificate,
    user: USER,
    password: PASSWORD,
    stored: async () => mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};

/** Debian's exim4 in a folder of its own when it is on this machine, else the JavaScript `smtp-server`. Nothing is left behind. */
export const startIndependentMailServer = (): Promise<IndependentMailServer> =>
  EXIM === undefined ? startSmtpServer() : startExim(EXIM);
