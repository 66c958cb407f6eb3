import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { email } from '../../shared/channels/email/index.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { Target } from '../../shared/domain/target.ts';
import type { MailTransport } from '../../shared/ports/mail-transport.ts';
import type { TableStore } from '../../shared/ports/table-store.ts';
import { aNotice, anEvent, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import type { Rig } from './channel-rig.ts';
import { openSmtpRig } from './smtp-rig.ts';

const HOUR_MS = 3_600_000;
const TAKEN = { body: '250 OK', at: 'data' };
const LOGIN_REFUSED = { body: '535 Login Fail. Please enter your authorization code to login', at: 'auth' };

describe('the email channel', () => {
  let rig: Rig;
  const clock = { at: NOW_MS, nowMs: () => clock.at };

  beforeAll(async () => {
    rig = await openSmtpRig();
  });
  beforeEach(() => {
    clock.at = NOW_MS;
    rig.answerWith(TAKEN);
  });
  afterAll(() => rig.close());

  const world = () => {
    const platform = createMemoryPlatform(clock);
    const ports = channelPorts({ mail: rig.ports.mail, store: platform.store, clock });
    const send = (changes: Partial<Target> = {}, notice = aNotice()) => email.send(notice, rig.target(changes), ports);
    return { platform, send };
  };

  it('says that an authorization code has expired when the sender had worked before, and until when', async () => {
    const { send } = world();
    expect((await send()).kind).toBe('delivered');
    clock.at += 30 * 24 * HOUR_MS;
    rig.answerWith(LOGIN_REFUSED);
    const outcome = await send({ timezone: 'Asia/Shanghai' });
    expect(outcome).toMatchObject({ kind: 'refused', code: '535', cause: 'auth', endpointDead: false });
    if (outcome.kind !== 'refused') throw new Error('expected a refusal');
    expect(outcome.fix.en).toContain(
      'expired or was revoked: it worked until 2026-11-20 17:07:10 (Asia/Shanghai, GMT+8)',
    );
    expect(outcome.fix.zh).toContain('已过期或被撤销：最后一次成功在 2026-11-20 17:07:10（Asia/Shanghai，GMT+8）');
  });

  it('says how to get an authorization code when the sender never worked', async () => {
    const { send } = world();
    rig.answerWith(LOGIN_REFUSED);
    const outcome = await send();
    expect(JSON.stringify(outcome)).not.toContain('expired');
    expect(outcome).toMatchObject({ fix: { en: expect.stringContaining('authorization code') } });
  });

  it('remembers each sender by itself', async () => {
    const { send } = world();
    await send();
    rig.answerWith(LOGIN_REFUSED);
    const smtp = { name: 'other', user: 'other@example.com', password: 'code-0123456789abcdef' };
    const server = rig.target().smtp?.server;
    const outcome = await send({ smtp: { ...smtp, ...(server === undefined ? {} : { server }) } });
    expect(JSON.stringify(outcome)).not.toContain('expired');
  });

  it('writes down that a sender works once an hour at most, and reads it once', async () => {
    const { platform, send } = world();
    for (let mail = 0; mail < 4; mail += 1) {
      await send();
      clock.at += HOUR_MS / 4 - 1;
    }
    expect(platform.calls).toEqual({ reads: 1, writes: 1, sends: 0 });
    clock.at += HOUR_MS;
    await send();
    expect(platform.calls).toEqual({ reads: 1, writes: 2, sends: 0 });
  });

  it('does not write again in a new process within the hour', async () => {
    const { platform, send } = world();
    await send();
    const { store } = platform;
    const anew: TableStore = { ...store };
    await email.send(aNotice(), rig.target(), channelPorts({ mail: rig.ports.mail, store: anew, clock }));
    expect(platform.calls.writes).toBe(1);
  });

  it('delivers although the store is out of service', async () => {
    const { platform, send } = world();
    platform.outage = true;
    expect((await send()).kind).toBe('delivered');
    rig.answerWith(LOGIN_REFUSED);
    expect(await send()).toMatchObject({ kind: 'refused', code: '535' });
  });

  it('stores no address and no password', async () => {
    const { platform, send } = world();
    await send();
    const [row] = await platform.store.scan({ table: 'targets', limit: 10 });
    expect(row?.pk).toMatch(/^smtp:[\w-]{16}$/);
    expect(JSON.stringify(row)).not.toMatch(/alert|example|code-/);
  });

  it('refuses without a resource instance and says to add one', async () => {
    const { smtp: _smtp, ...target } = rig.target();
    const outcome = await email.send(aNotice(), target, rig.ports);
    expect(outcome).toMatchObject({ kind: 'refused', code: 'no-sender', endpointDead: false });
    expect(outcome).toMatchObject({
      fix: { en: expect.stringContaining('resource instance'), zh: expect.stringContaining('资源实例') },
    });
    expect(rig.askedMs()).toHaveLength(0);
  });

  it.each([
    ['alert@company.example', undefined, 'unknown-server'],
    ['alert@company.example', 'smtp.company.example:25', 'closed-port'],
    ['alert@company.example', 'smtp company', 'bad-server'],
    ['alert', 'smtp.company.example', 'bad-sender'],
  ])('refuses the sender %s at %s without connecting', async (user, server, code) => {
    const smtp = { name: 'mail-out', user, password: 'x', ...(server === undefined ? {} : { server }) };
    expect(await email.send(aNotice(), rig.target({ smtp }), rig.ports)).toMatchObject({ kind: 'refused', code });
    expect(rig.askedMs()).toHaveLength(0);
  });

  it('lets no line end in any field of an event reach the conversation or the headers', async () => {
    const evil = 'x\r\nBcc: evil@example.com\r\n.\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<evil@example.com>\r\n';
    const event = anEvent({
      product: evil,
      type: evil,
      name: evil,
      status: evil,
      vendorLevel: evil,
      resource: { id: evil, type: evil, name: evil, arn: evil },
      region: evil,
      account: evil,
      title: { zh: evil, en: evil },
      content: { [evil]: evil },
    });
    const { send } = world();
    expect(
      (await send({}, aNotice({ id: evil, link: `https://x.example/${evil}`, digest: digestOfEvent(event) }))).kind,
    ).toBe('delivered');
    expect(rig.received()).toHaveLength(1);
    const [mail] = rig.received();
    expect(mail?.path).toBe('reader@example.com');
    expect(mail?.form?.from).toBe('alert@example.com');
    expect(Object.keys(mail?.headers ?? {})).not.toContain('bcc');
    expect(mail?.form?.messageId).toMatch(/^<[\w.+-]+@example\.com>$/);
  });

  it('takes a mail that was refused for its only recipient for refused', async () => {
    const mail: MailTransport = {
      send: async () => ({
        response: '250 OK',
        rejected: [{ address: 'reader@example.com', response: '550 no such user' }],
      }),
    };
    const outcome = await email.send(aNotice(), rig.target(), channelPorts({ mail, clock }));
    expect(outcome).toMatchObject({ kind: 'refused', code: '550', cause: 'format', endpointDead: true });
  });

  it('claims no URL', () => {
    expect(email.claims(new URL('mailto:reader@example.com'))).toBe(false);
    expect(email.claims(new URL('https://mail.example.com/'))).toBe(false);
  });
});
