import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailMessage } from '../../shared/adapters/net/mail-message.ts';
import { createMailTransport } from '../../shared/adapters/net/mail-transport.ts';
import { selfSigned } from '../../shared/local/sandbox/self-signed.ts';
import { type Mail, MailError, type MailRequest, type MailServer } from '../../shared/ports/mail-transport.ts';
import { type RawMail, type ScriptedSmtp, startScriptedSmtp } from '../contract/scripted-smtp.ts';

const HOST = '127.0.0.1';
const PASSWORD = 'code-0123456789abcdef';

const aMail = (changes: Partial<Mail> = {}): Mail => ({
  from: { name: '烽火', address: 'alert@example.com' },
  to: [{ name: '', address: 'reader@example.com' }],
  subject: '[紧急] disk',
  text: 'text',
  html: '<p>html</p>',
  messageId: '<dlv_1@example.com>',
  references: ['<incident.1@example.com>'],
  headers: { 'Auto-Submitted': 'auto-generated' },
  ...changes,
});

const failureOf = async (sending: Promise<unknown>): Promise<MailError> => {
  const failure = await sending.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof MailError)) throw new Error(`expected a MailError, got ${String(failure)}`);
  expect(failure.message).not.toContain(HOST);
  expect(failure.message).not.toContain(PASSWORD);
  return failure;
};

/** A server of this machine that is closed at the end of the work. */
const listening = async (
  server: { listen(port: number, host: string, done: () => void): unknown; close(done: () => void): unknown },
  address: () => AddressInfo,
  work: (port: number) => Promise<void>,
): Promise<void> => {
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  try {
    await work(address().port);
  } finally {
    await new Promise<void>((resolve) => server.close(resolve));
  }
};

describe('mail transport', () => {
  let smtp: ScriptedSmtp;
  let mails: RawMail[] = [];
  let transport: ReturnType<typeof createMailTransport>;

  beforeAll(async () => {
    smtp = await startScriptedSmtp();
    smtp.onMail = async (mail) => {
      mails.push(mail);
    };
    const { port, certificate } = smtp;
    transport = createMailTransport({ allow: [`${HOST}/32`], trusted: [{ host: HOST, port, certificate }] });
  });
  beforeEach(() => {
    smtp.script = undefined;
    smtp.hangUp();
    mails = [];
  });
  afterAll(async () => {
    transport.close();
    await smtp.close();
  });

  const at = (changes: Partial<MailServer> = {}): MailServer => ({
    host: HOST,
    port: smtp.port,
    implicitTls: true,
    user: 'alert@example.com',
    password: PASSWORD,
    ...changes,
  });
  const send = (mail: Mail = aMail(), changes: Partial<MailRequest> = {}) =>
    transport.send({ server: at(), mail, timeoutMs: 20_000, ...changes });

  it('delivers what it was given: addresses, subject, both parts, thread and headers', async () => {
    expect(await send()).toEqual({ response: '250 OK queued', rejected: [] });
    expect(mails).toMatchObject([{ user: 'alert@example.com', from: 'alert@example.com', to: ['reader@example.com'] }]);
    const mail = await PostalMime.parse(mails[0]?.raw ?? '');
    expect(mail).toMatchObject({
      from: { name: '烽火', address: 'alert@example.com' },
      subject: '[紧急] disk',
      messageId: '<dlv_1@example.com>',
      inReplyTo: '<incident.1@example.com>',
      references: '<incident.1@example.com>',
    });
    expect(mail.text?.trim()).toBe('text');
    expect(mail.html).toContain('<p>html</p>');
    const names = mail.headers.map(({ key }) => key);
    expect(names).toContain('auto-submitted');
    expect(names).not.toContain('x-mailer');
  });

  it('keeps a connection for the mails that follow, and one login for each sender', async () => {
    const before = smtp.connections();
    for (let index = 0; index < 6; index += 1) await send();
    expect(smtp.connections() - before).toBe(1);
    await send(aMail(), { server: at({ user: 'other@example.com' }) });
    await send(aMail(), { server: at({ password: 'a new authorization code' }) });
    expect(smtp.connections() - before).toBe(3);
  });

  it('opens few connections however many mails go at once', async () => {
    const before = smtp.connections();
    await Promise.all(Array.from({ length: 30 }, () => send()));
    expect(mails).toHaveLength(30);
    expect(smtp.connections() - before).toBeLessThanOrEqual(3);
  });

  it('sends a mail over a new connection when the server ended the idle one', async () => {
    await send();
    smtp.hangUp();
    await send();
    expect(mails).toHaveLength(2);
  });

  it.each([
    ['b@example.com\r\nRCPT TO:<evil@example.com>'],
    ['a@example.com, b@example.com'],
    ['Reader <a@example.com>'],
    ['a@example.com>'],
    ['"a"@example.com'],
    [''],
  ])('refuses %j as an address, before connecting', async (address) => {
    const before = smtp.connections();
    const from = await failureOf(send(aMail({ from: { name: '', address } })));
    const to = await failureOf(send(aMail({ to: [{ name: '', address }] })));
    for (const failure of [from, to]) expect(failure).toMatchObject({ code: 'EADDRESS', sent: 'no' });
    expect(smtp.connections()).toBe(before);
  });

  it('lets no line end in a header begin another header', async () => {
    const evil = 'x\r\nBcc: evil@example.com\r\n\r\nbody';
    await send(
      aMail({
        subject: evil,
        from: { name: evil, address: 'alert@example.com' },
        to: [{ name: evil, address: 'reader@example.com' }],
        headers: { 'X-Evil': evil, 'X-Bad\r\nBcc': 'evil@example.com' },
      }),
    );
    expect(mails[0]?.to).toEqual(['reader@example.com']);
    const { headers, subject } = await PostalMime.parse(mails[0]?.raw ?? '');
    expect(headers.map(({ key }) => key)).not.toContain('bcc');
    expect(subject).toContain('x Bcc: evil@example.com');
  });

  it('hands every header over as one line', () => {
    const { subject, headers } = mailMessage(
      aMail({ subject: 'a\r\nb\u2028c', headers: { 'X-A': 'a\nb', 'X B': 'c' } }),
    );
    expect({ subject, headers }).toEqual({ subject: 'a b c', headers: { 'X-A': 'a b' } });
  });

  it('refuses a Message-ID that is none', async () => {
    const bad = await failureOf(send(aMail({ messageId: '<a b@c>\r\nBcc: x@y' })));
    expect(bad).toMatchObject({ code: 'ECONFIG', sent: 'no' });
  });

  it('reads no files and no URLs', async () => {
    for (const [content, code] of [
      [{ path: '/etc/hostname' }, 'EFILEACCESS'],
      [{ href: 'http://127.0.0.1/' }, 'EURLACCESS'],
    ] as const) {
      const failure = await failureOf(send(aMail({ html: content as unknown as string })));
      expect(failure).toMatchObject({ code, sent: 'no' });
    }
  });

  it('refuses more than fifty recipients', async () => {
    const to = Array.from({ length: 51 }, (_, index) => ({ name: '', address: `r${index}@example.com` }));
    expect(await failureOf(send(aMail({ to })))).toMatchObject({ code: 'EMAXRECIPIENTS', sent: 'no' });
  });

  it('refuses port 25 with the reason, before connecting', async () => {
    const failure = await failureOf(send(aMail(), { server: at({ port: 25 }) }));
    expect(failure).toMatchObject({ code: 'EPORT', sent: 'no' });
    expect(failure.message).toContain('465');
  });

  it('reaches no private server that the operator does not allow', async () => {
    const strict = createMailTransport({ allow: [] });
    for (const host of [HOST, 'localhost', '100.100.100.200', '::1', '[::1]', '::ffff:127.0.0.1']) {
      const failure = await failureOf(strict.send({ server: at({ host }), mail: aMail(), timeoutMs: 5_000 }));
      expect(failure).toMatchObject({ code: 'ESSRF', sent: 'no' });
    }
    strict.close();
  });

  it('trusts a certificate of its own at that host and port only', async () => {
    const { certificate, port } = smtp;
    for (const trusted of [
      [],
      [{ host: HOST, port: port + 1, certificate }],
      [{ host: 'localhost', port, certificate }],
    ]) {
      const wary = createMailTransport({ allow: [`${HOST}/32`], trusted });
      const failure = await failureOf(wary.send({ server: at(), mail: aMail(), timeoutMs: 20_000 }));
      expect(failure).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT', sent: 'no', stage: 'connect' });
      wary.close();
    }
    expect(mails).toHaveLength(0);
  });

  it('gives the answer of the server with its number, words and stage', async () => {
    const answers = [
      ['auth', '535 Login Fail', 'EAUTH', 'login'],
      ['mail', '553 Mail from must equal authorized user', 'EENVELOPE', 'sender'],
      ['rcpt', '550 no such user', 'EENVELOPE', 'recipient'],
      ['data', '554 DT:SPM', 'EMESSAGE', 'content'],
    ] as const;
    for (const [turn, say, code, stage] of answers) {
      smtp.script = { at: turn, act: { say } };
      smtp.hangUp();
      const responseCode = Number(say.slice(0, 3));
      expect(await failureOf(send())).toMatchObject({ code, responseCode, response: say, stage, sent: 'no' });
    }
  });

  it('reads the words of a server that answers in GBK', async () => {
    // 535 and the Chinese words for "login failed", in GBK.
    const say = Buffer.from('35333520b5c7c2bccaa7b0dc', 'hex');
    smtp.script = { at: 'auth', act: { say } };
    smtp.hangUp();
    expect(await failureOf(send())).toMatchObject({ responseCode: 535, response: '535 登录失败' });
    smtp.script = { at: 'auth', act: { say: '535 登录失败 é' } };
    smtp.hangUp();
    expect(await failureOf(send())).toMatchObject({ response: '535 登录失败 é' });
  });

  it('reports who was refused although others were taken', async () => {
    const server = new SMTPServer({
      secure: false,
      ...certificateOf(),
      onAuth: (_, __, done) => done(null, { user: 'x' }),
      onRcptTo: ({ address }, _, done) =>
        done(address.startsWith('gone') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
      onData: (stream, _, done) => void stream.resume().on('end', () => done(null, 'taken')),
    });
    await listening(
      server,
      () => server.server.address() as AddressInfo,
      async (port) => {
        const own = createMailTransport({
          allow: [`${HOST}/32`],
          trusted: [{ host: HOST, port, certificate: CERTIFICATE.certificate }],
        });
        const to = ['reader@example.com', 'gone@example.com'].map((address) => ({ name: '', address }));
        const server = at({ port, implicitTls: false });
        const receipt = await own.send({ server, mail: aMail({ to }), timeoutMs: 20_000 });
        own.close();
        expect(receipt.rejected).toEqual([{ address: 'gone@example.com', response: expect.stringContaining('550') }]);
      },
    );
  });

  it('never says a password to a server without STARTTLS', async () => {
    const said: string[] = [];
    const greet = (extensions: string) =>
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('220 plain\r\n');
        socket.on('data', (chunk) => {
          said.push(chunk.toString());
          socket.write(chunk.toString().startsWith('EHLO') ? `250-plain\r\n250 ${extensions}\r\n` : '502 no\r\n');
        });
      });
    const plain = greet('AUTH PLAIN LOGIN');
    await listening(
      plain,
      () => plain.address() as AddressInfo,
      async (port) => {
        const failure = await failureOf(send(aMail(), { server: at({ port, implicitTls: false }) }));
        expect(failure).toMatchObject({ sent: 'no' });
        expect(['ETLS', 'EPROTOCOL']).toContain(failure.code);
      },
    );
    expect(said.join('')).not.toMatch(/AUTH|MAIL/);
  });

  it('does not send to a server that wants no login', async () => {
    const open = new SMTPServer({ secure: true, ...certificateOf(), disabledCommands: ['AUTH'] });
    await listening(
      open,
      () => open.server.address() as AddressInfo,
      async (port) => {
        const trusted = [{ host: HOST, port, certificate: CERTIFICATE.certificate }];
        const own = createMailTransport({ allow: [`${HOST}/32`], trusted });
        const failure = await failureOf(own.send({ server: at({ port }), mail: aMail(), timeoutMs: 20_000 }));
        own.close();
        expect(failure).toMatchObject({ code: 'EAUTH', sent: 'no', stage: 'login' });
      },
    );
  });

  it('says that a server without TLS is not what 465 expects', async () => {
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume().write('220 plain ESMTP ready\r\n');
    });
    await listening(
      plain,
      () => plain.address() as AddressInfo,
      async (port) => {
        const failure = await failureOf(send(aMail(), { server: at({ port }) }));
        expect(failure).toMatchObject({ code: 'ESOCKET', sent: 'no' });
        expect(failure.message).toContain('wrong version number');
      },
    );
  });

  it('says that nothing was sent when the server is silent before the content', async () => {
    for (const turn of ['connect', 'auth', 'rcpt'] as const) {
      smtp.script = { at: turn, act: 'hang' };
      smtp.hangUp();
      expect(await failureOf(send(aMail(), { timeoutMs: 300 }))).toMatchObject({ code: 'ETIMEDOUT', sent: 'no' });
    }
    expect(mails).toHaveLength(0);
  });

  it('says that nothing was sent when the server ends the connection before the content', async () => {
    for (const turn of ['auth', 'mail', 'rcpt'] as const) {
      smtp.script = { at: turn, act: 'reset' };
      smtp.hangUp();
      expect(await failureOf(send())).toMatchObject({ code: 'ECONNECTION', sent: 'no' });
    }
    expect(mails).toHaveLength(0);
  });

  it('says that the mail may have arrived when no answer follows the content, and does not repeat it by itself', async () => {
    await send();
    for (const act of ['hang', 'reset'] as const) {
      mails = [];
      smtp.script = { at: 'data', act };
      const failure = await failureOf(send(aMail(), act === 'hang' ? { timeoutMs: 1_500 } : {}));
      expect(failure).toMatchObject({ sent: 'maybe', stage: 'content' });
      expect(mails).toHaveLength(1);
    }
  });

  it('knows a name that does not resolve', async () => {
    const failure = await failureOf(send(aMail(), { server: at({ host: 'mail.invalid' }) }));
    expect(failure).toMatchObject({ code: 'EDNS', sent: 'no' });
  });

  it('ends what is under way when it is closed', async () => {
    const { port, certificate } = smtp;
    const own = createMailTransport({ allow: [`${HOST}/32`], trusted: [{ host: HOST, port, certificate }] });
    let arrived = (): void => undefined;
    const whole = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { onMail } = smtp;
    smtp.onMail = async () => arrived();
    smtp.script = { at: 'data', act: 'hang' };
    const failure = failureOf(own.send({ server: at(), mail: aMail(), timeoutMs: 20_000 }));
    await whole;
    own.close();
    expect(await failure).toMatchObject({ sent: 'maybe' });
    smtp.onMail = onMail;
  });
});

const CERTIFICATE = selfSigned('test');
const certificateOf = () => ({ key: CERTIFICATE.key, cert: CERTIFICATE.certificate });
