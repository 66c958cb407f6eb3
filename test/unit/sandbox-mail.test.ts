import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailTransport } from '../../shared/adapters/net/mail-transport.ts';
import { email } from '../../shared/channels/email/index.ts';
import type { SandboxMail } from '../../shared/local/sandbox/mail-server.ts';
import { aNotice, aTarget } from '../fixtures/providers/notice.ts';
import { world } from '../fixtures/providers/sandbox-world.ts';
import { channelPorts } from '../support/channel-ports.ts';

interface MailRequest {
  html: string;
  headers: Record<string, string>;
  from: string;
  to: string[];
}

describe('the mail server of the sandbox', () => {
  let place: ReturnType<typeof world>;
  let server: SandboxMail;
  let mail: ReturnType<typeof createMailTransport>;

  beforeEach(async () => {
    place = world();
    server = await place.sandbox.startMail();
    // As the host makes it.
    mail = createMailTransport({ allow: [`${server.host}:${server.port}`], trusted: [server] });
  });
  afterEach(async () => {
    mail.close();
    await server.close();
  });

  const sendAs = (user: string, password = 'any code', address = 'reader@example.com') =>
    email.send(
      aNotice(),
      aTarget({
        channel: 'email',
        address,
        smtp: { name: 'mail-out', server: `${server.host}:${server.port}`, user, password },
      }),
      channelPorts({ mail }),
    );
  const faults = (knobs: object) =>
    place.answered('PUT', '/sandbox/api/faults', { json: { provider: 'email', ...knobs } });

  it('takes the mails of any sender with any password, and shows them', async () => {
    for (const user of ['alert@163.com', 'alert@company.example']) expect((await sendAs(user)).kind).toBe('delivered');
    const messages = await place.messages('provider=email&target=reader@example.com&html=1');
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatchObject({
      provider: 'email',
      target: 'reader@example.com',
      title: expect.stringContaining('[Critical]'),
      text: expect.stringContaining('i-bp1fenghuo00000001'),
      answer: { status: 250, body: 'Mail OK queued', reset: false },
      shown: true,
      idempotencyKey: '<dlv_0000000001@163.com>',
    });
    const request = messages[0]?.request as MailRequest;
    expect(request).toMatchObject({ from: 'alert@163.com', to: ['reader@example.com'] });
    expect(request.html).toContain('<!doctype html>');
    expect(request.headers['auto-submitted']).toBe('auto-generated');
    expect(messages[0]?.html).toMatch(/^<iframe sandbox="[a-z -]*" src="\/sandbox\/mail\/\d+"/);
    expect(messages[0]?.html).not.toContain('allow-scripts');
  });

  it('knows a mail that comes again by its Message-ID', async () => {
    await sendAs('alert@163.com');
    await sendAs('alert@163.com');
    expect((await place.messages()).map(({ shown, repeated }) => [shown, repeated])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it.each([
    ['alert@qq.com', 'authorization code'],
    ['alert@163.com', 'authentication failed'],
    ['alert@gmail.com', 'Username and Password not accepted'],
    ['alert@company.example', 'authentication failed'],
  ])('refuses a wrong and an expired password of %s in the words of its house', async (user, words) => {
    for (const password of ['wrong', 'expired']) {
      const outcome = await sendAs(user, password);
      expect(outcome).toMatchObject({ kind: 'refused', code: '535', cause: 'auth' });
      expect(outcome).toMatchObject({ text: expect.stringContaining(words) });
    }
    const messages = await place.messages();
    expect(messages.map(({ shown, answer }) => [shown, answer.status])).toEqual([
      [false, 535],
      [false, 535],
    ]);
    expect(JSON.stringify(messages)).not.toContain('expired');
  });

  it('takes only the passwords that it was told, and none while SMTP is off', async () => {
    expect(place.sandbox.configure('email', 'Alert@163.com', { passwords: ['code-1'] })).toBeUndefined();
    expect((await sendAs('alert@163.com', 'code-1')).kind).toBe('delivered');
    expect(await sendAs('alert@163.com', 'code-2')).toMatchObject({ code: '535' });
    place.sandbox.configure('email', 'alert@163.com', { smtp: 'off' });
    expect(await sendAs('alert@163.com', 'code-3')).toMatchObject({ code: '550', cause: 'auth' });
    expect(place.sandbox.configure('email', 'alert@163.com', { password: 'x' })).toMatch(/./);
  });

  it('wants the sender to be who logged in', async () => {
    const { host, port } = server;
    const request = {
      server: { host, port, implicitTls: true, user: 'alert@163.com', password: 'code' },
      mail: {
        from: { name: '', address: 'other@163.com' },
        to: [{ name: '', address: 'reader@example.com' }],
        subject: 'x',
        text: 'x',
        html: 'x',
        messageId: '<x@163.com>',
        references: [],
        headers: {},
      },
      timeoutMs: 20_000,
    };
    await expect(mail.send(request)).rejects.toMatchObject({
      responseCode: 553,
      response: '553 Mail from must equal authorized user',
      stage: 'sender',
    });
  });

  it('has no mailbox for names that begin with nobody', async () => {
    expect(await sendAs('alert@163.com', 'code', 'nobody-7@example.com')).toMatchObject({
      kind: 'refused',
      code: '550',
      endpointDead: true,
    });
  });

  it.each([
    [421, 'throttled', 'rate'],
    [450, 'throttled', 'rate'],
    [451, 'throttled', 'rate'],
    [535, 'refused', 'auth'],
    [550, 'refused', 'other'],
    [552, 'refused', 'size'],
    [553, 'refused', 'auth'],
    [554, 'refused', 'other'],
  ])('answers %i when the knobs say so, and is as usual after that', async (code, ...[kind, cause]) => {
    await faults({ codes: [{ code, message: 'made here' }] });
    expect(await sendAs('alert@163.com')).toMatchObject({ kind, cause, code: String(code), text: 'made here' });
    await faults({});
    expect((await sendAs('alert@163.com')).kind).toBe('delivered');
  });

  it('has knobs for one recipient alone', async () => {
    await faults({ target: 'reader@example.com', codes: [{ code: 450 }] });
    expect((await sendAs('alert@163.com')).kind).toBe('throttled');
    expect((await sendAs('alert@163.com', 'code', 'other@example.com')).kind).toBe('delivered');
  });

  it('takes the mail and cuts the connection before the answer when the knobs say so', async () => {
    await faults({ reset: 1, latencyMs: 40 });
    expect((await sendAs('alert@163.com')).kind).toBe('ambiguous');
    expect(place.waits).toEqual([40]);
    expect(await place.messages()).toMatchObject([{ shown: true, answer: { reset: true } }]);
    await faults({});
    expect((await sendAs('alert@163.com')).kind).toBe('delivered');
    expect((await place.messages()).map(({ shown }) => shown)).toEqual([true, false]);
  });

  it('is reached by nobody who was not told its certificate, or may not go there', async () => {
    const untold = createMailTransport({ allow: [`${server.host}:${server.port}`] });
    const elsewhere = createMailTransport({ allow: [], trusted: [server] });
    const smtp = { name: 'm', server: `${server.host}:${server.port}`, user: 'alert@163.com', password: 'code' };
    const target = aTarget({ address: 'reader@example.com', smtp });
    expect(await email.send(aNotice(), target, channelPorts({ mail: untold }))).toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(await email.send(aNotice(), target, channelPorts({ mail: elsewhere }))).toMatchObject({ code: 'ESSRF' });
    untold.close();
    elsewhere.close();
  });

  it('takes another port when the one that it wants is in use', async () => {
    const second = await place.sandbox.startMail(server.port);
    expect(second.port).not.toBe(server.port);
    expect(second.certificate).not.toBe(server.certificate);
    await second.close();
  });
});
