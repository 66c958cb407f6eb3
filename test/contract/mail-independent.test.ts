import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailTransport } from '../../shared/adapters/net/mail-transport.ts';
import type { Notice } from '../../shared/channels/channel.ts';
import { email } from '../../shared/channels/email/index.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { aMergedNotice, aNotice, anEvent, aTarget } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import {
  INDEPENDENT_SOFTWARE,
  type IndependentMailServer,
  startIndependentMailServer,
} from '../support/independent-mail-server.ts';

describe(`a mail through ${INDEPENDENT_SOFTWARE}, over TLS with a login`, () => {
  let server: IndependentMailServer;
  let mail: ReturnType<typeof createMailTransport>;

  beforeAll(async () => {
    server = await startIndependentMailServer();
    mail = createMailTransport({ allow: [`${server.host}/32`], trusted: [server] });
  });
  afterAll(async () => {
    mail.close();
    await server.close();
  });

  const send = (notice: Notice, changes: { password?: string; user?: string; address?: string } = {}) => {
    const { user = server.user, password = server.password, address = 'reader@reader.test' } = changes;
    const smtp = { name: 'mail-out', server: `${server.host}:${server.port}`, user, password };
    return email.send(notice, aTarget({ channel: 'email', address, smtp }), channelPorts({ mail }));
  };
  const stored = async (id: string) => {
    const raw = (await server.stored()).filter((each) => each.includes(`<${id}@sender.test>`));
    expect(raw).toHaveLength(1);
    return { raw: raw[0] ?? '', mail: await PostalMime.parse(Buffer.from(raw[0] ?? '', 'latin1')) };
  };

  it.each(['en', 'zh'] as const)('is stored whole, in %s', async (language) => {
    const id = `dlv_single_${language}`;
    expect(await send(aNotice({ id, language, link: 'https://fenghuo.example.com/?event=evt_1' }))).toEqual({
      kind: 'delivered',
      code: '250',
    });
    const { mail } = await stored(id);
    expect(mail).toMatchObject({
      from: { name: language === 'zh' ? '烽火' : 'Fenghuo', address: server.user },
      to: [{ address: 'reader@reader.test' }],
      messageId: `<${id}@sender.test>`,
    });
    expect(mail.subject).toContain('i-bp1fenghuo00000001');
    expect(mail.references).toBe(mail.inReplyTo);
    expect(mail.text).toContain(language === 'zh' ? '实例因系统维护计划重启' : 'Instance will be restarted');
    expect(mail.html).toContain(language === 'zh' ? '查看事件' : 'Open the event');
    const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));
    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'mime-version': '1.0',
      'list-unsubscribe': expect.stringContaining('<mailto:alert@sender.test?subject=unsubscribe>'),
    });
    expect(headers.date).not.toBe('');
  });

  it('is stored whole when it tells many events, with exact counts', async () => {
    expect((await send(aMergedNotice(4_321, { id: 'dlv_digest', language: 'zh' }))).kind).toBe('delivered');
    const { mail } = await stored('dlv_digest');
    expect(mail.text).toContain('4321');
    expect(mail.html).toContain('4321');
  });

  it('has no line that is too long, no byte above 127 and no bare line end, whatever an event says', async () => {
    const wild = `.\r\n.\r\n${'云服务器🚨磁盘👨‍👩‍👧'.repeat(7_000)}`;
    const digest = digestOfEvent(
      anEvent({ name: wild, status: wild, title: { zh: wild, en: wild }, content: { [wild]: wild } }),
    );
    expect((await send(aNotice({ id: 'dlv_wild', digest, language: 'zh' }))).kind).toBe('delivered');
    const { raw, mail } = await stored('dlv_wild');
    const lines = raw.split(/\r?\n/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(lines.join('')).toMatch(/^[\t\x20-\x7e]*$/);
    expect(mail.subject).toContain('云服务器🚨');
    expect(mail.text).toContain('…');
    expect(mail.text).not.toContain('\ufffd');
  });

  it('is refused for a wrong code, another sender and an unknown recipient, each understood', async () => {
    expect(await send(aNotice(), { password: 'something else' })).toMatchObject({
      kind: 'refused',
      code: '535',
      cause: 'auth',
    });
    expect(await send(aNotice(), { user: 'other@sender.test' })).toMatchObject({ kind: 'refused', code: '535' });
    expect(await send(aNotice(), { address: 'reader@elsewhere.test' })).toMatchObject({
      kind: 'refused',
      code: '550',
      text: 'no such user here',
    });
  });
});
