import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callSignature } from '../../shared/console/signed-calls.ts';
import { targetKeyOf } from '../../shared/domain/ids.ts';
import { parkTarget } from '../../shared/stages/quota-rows.ts';
import { expression as e } from '../support/notify-book.ts';
import { NotifyWorld, UID } from '../support/notify-world.ts';

let world: NotifyWorld;

beforeEach(async () => {
  world = await NotifyWorld.open();
});
afterEach(() => world.close());

const MAIL = {
  email: 1,
  receivers: 'a@example.com',
  emailTitle: 'Custom notification test',
  emailcontext: 'Line one\nLine two',
};
const CENTER = {
  aliuid: UID,
  eventId: 'yundun_soar_incident_generate',
  params: { incidentName: 'Test', incidentID: 'x', startTime: 'now' },
};
const custom = (fields: object, id?: string) => world.act('notifyByCustom', fields, id);
const center = (fields: object, id?: string) => world.act('notifyByMessageCenter', { ...CENTER, ...fields }, id);
const deliveries = async () => (await world.ask('GET /api/deliveries')).body.items;

describe('notifyByCustom', () => {
  it('sends the mail as it was worded, and keeps a receipt like any other', async () => {
    const answer = await custom(MAIL);
    expect(answer).toMatchObject({
      status: true,
      message: 'Delivered 1 of 1. Email a@example.com: delivered.',
      receipts: [{ channel: 'email', receiver: 'a@example.com', status: 'delivered', code: '250' }],
      problems: [],
    });
    expect(world.mails).toMatchObject([
      { user: 'alert@example.com', to: ['a@example.com'], subject: 'Custom notification test' },
    ]);
    expect(world.mails[0]?.text).toContain('Line one\n\nLine two');
    expect(await deliveries()).toMatchObject([
      {
        id: answer.receipts[0].delivery,
        channel: 'email',
        rule: 'action:notifyByCustom',
        status: 'delivered',
        title: { en: 'Custom notification test' },
        attempts: [{ name: 'delivered', code: '250' }],
      },
    ]);
    expect((await world.ask(`GET /api/deliveries/${answer.receipts[0].delivery}`)).status).toBe(200);
  });

  it('reaches every channel of one call, and is true only when all of them took it', async () => {
    const fields = {
      ...MAIL,
      dingdingWebhooks: '["10651"]',
      dingdingcontext: 'Hello',
      sms: 1,
      smscontext: 'Short',
      telephone: 1,
      telephonecontext: 'Wake up',
      customReceiver: [{ phone: '13800000001' }],
    };
    const all = await custom(fields);
    expect(all).toMatchObject({ status: true });
    expect(all.receipts.map(({ channel }: { channel: string }) => channel)).toEqual([
      'email',
      'dingtalk',
      'sms',
      'voice',
    ]);
    expect(world.calls.map(({ action }) => action).sort()).toEqual(['SendSms', 'SingleCallByTts']);
    expect(JSON.parse(String(world.calls[0]?.params.TemplateParam)).name).toBe('Short');
    world.robotReply = () => ({ status: 200, body: '{"errcode":310000,"errmsg":"keywords not in content"}' });
    world.base.clock.advance(120_000);
    const part = await custom(fields);
    expect(part).toMatchObject({ status: false, message: expect.stringMatching(/^Delivered 3 of 4\..*keyword/) });
    expect(part.message).toContain('is not tried again by itself');
    expect(part.receipts[1]).toMatchObject({ status: 'refused', code: '310000', cause: 'keyword' });
  });

  it('posts each kind of robot message as it was written, with the keyword of the robot where it lacks', async () => {
    const to = { dingdingWebhooks: '10651' };
    const card = { title: 't', text: 'Security Center says', singleTitle: 'Open', singleURL: 'https://example.com/1' };
    await custom({ ...to, dingdingMsgType: 'text', dingdingcontext: 'Hi' });
    await custom({ ...to, dingdingMsgType: 'markdown', dingdingcontext: '#### Head\n> body' });
    await custom({
      ...to,
      dingdingMsgType: 'actionCard',
      dingdingcontext: JSON.stringify({ msgtype: 'actionCard', actionCard: card }),
    });
    const at = { atMobiles: ['13800000001'], isAtAll: false };
    await custom({ ...to, dingdingcontext: { msgtype: 'text', text: { content: 'Hi @13800000001' }, at } });
    expect(world.posts()).toMatchObject([
      { msgtype: 'text', text: { content: 'Hi\n\nSecurity Center' } },
      { msgtype: 'markdown', markdown: { title: 'Head', text: '#### Head\n> body\n\nSecurity Center' } },
      { msgtype: 'actionCard', actionCard: card },
      { msgtype: 'text', at: { atMobiles: ['13800000001'], isAtAll: false } },
    ]);
    expect(world.posts().every(({ msgUuid }) => /^dlv_/.test(msgUuid))).toBe(true);
  });

  it('cuts what is too long for a robot and never sends more than it takes', async () => {
    const answer = await custom({ dingdingWebhooks: '10651', dingdingcontext: '云'.repeat(30_000) });
    expect(answer.status).toBe(true);
    expect(world.robots.received[0]?.body.length).toBeLessThanOrEqual(20_000);
    expect(world.posts()[0].text.content).toContain('…');
  });

  it('sends nothing at all while one parameter is wrong, and says what and where in the language asked for', async () => {
    const fields = { ...MAIL, receivers: e('event.owner'), dingdingWebhooks: '10651', dingdingcontext: 'x' };
    const english = await custom({ ...fields, lang: 'en' });
    expect(english).toMatchObject({
      status: false,
      receipts: [],
      problems: [{ code: 'unreplaced-expression', field: 'receivers' }],
    });
    expect(english.message).toMatch(/^Nothing was sent\. receivers still holds the expression/);
    expect((await custom({ ...fields, lang: 'zh' })).message).toMatch(/^未发送任何内容。receivers 中的表达式/);
    expect([...world.mails, ...world.posts()]).toEqual([]);
    expect(await deliveries()).toEqual([]);
  });

  it.each([
    [
      'an unknown robot id',
      { dingdingWebhooks: '1', dingdingcontext: 'x' },
      /no robot with the id "1".*10651/,
      /没有 ID 为“1”的机器人/,
    ],
    ['an unknown template', undefined, /no template "yundun_x"/, /没有模板“yundun_x”/],
    ['an unreplaced expression', { ...MAIL, emailTitle: e('a.b') }, /still holds the expression/, /没有被替换/],
    [
      'an unknown sender',
      { ...MAIL, email: 'x@qq.com' },
      /not the sender of any resource instance/,
      /不是任何资源实例的发信账号/,
    ],
  ])('says clearly that there is %s', async (...[, fields, en, zh]) => {
    for (const [lang, words] of [
      ['en', en],
      ['zh', zh],
    ] as const) {
      const answer = fields ? await custom({ ...fields, lang }) : await center({ eventId: 'yundun_x', lang });
      expect(answer).toMatchObject({ status: false, receipts: [], message: expect.stringMatching(words) });
    }
  });

  it('says that a variable of the template is missing', async () => {
    const params = { incidentName: 'x', startTime: 'y' };
    expect((await center({ params, lang: 'en' })).message).toContain('needs incidentID, which has no value');
    expect((await center({ params, lang: 'zh' })).message).toContain('需要变量 incidentID');
    expect(world.mails).toEqual([]);
  });
});

describe('the mail of an action', () => {
  const login = { at: 'auth' as const, act: { say: '535 Error: authentication failed' } };

  it('says that the password is wrong', async () => {
    world.smtp.script = login;
    for (const [lang, words] of [
      ['en', /login was refused: create a new authorization code/],
      ['zh', /登录被拒绝：请在邮箱设置中/],
    ] as const)
      expect(await custom({ ...MAIL, lang })).toMatchObject({
        status: false,
        message: expect.stringMatching(words),
        receipts: [{ status: 'refused', code: '535', cause: 'auth' }],
      });
  });

  it('says that the authorization code has probably expired when it worked before, and until when', async () => {
    expect(await custom(MAIL)).toMatchObject({ status: true });
    world.base.clock.advance(86_400_000);
    world.smtp.script = login;
    world.smtp.hangUp();
    expect((await custom({ ...MAIL, lang: 'en' })).message).toMatch(
      /authorization code has probably expired.*worked until/,
    );
    expect((await custom({ ...MAIL, lang: 'zh' })).message).toMatch(/授权码很可能已过期/);
  });

  it('refuses port 25 and says why', async () => {
    await world.put(world.settings({ resourceInstances: [world.instance({ emailSendServer: 'smtp.163.com:25' })] }));
    for (const [lang, words] of [
      ['en', /port 25.*use port 465/],
      ['zh', /25 端口/],
    ] as const)
      expect(await custom({ ...MAIL, lang })).toMatchObject({
        status: false,
        message: expect.stringMatching(words),
        receipts: [{ code: 'closed-port' }],
      });
  });

  it('says that the server of a domain of one’s own cannot be told', async () => {
    const { emailSendServer: _, ...inferred } = world.instance() as Record<string, string>;
    await world.put(world.settings({ resourceInstances: [inferred] }));
    expect(await custom(MAIL)).toMatchObject({ status: false, receipts: [{ code: 'unknown-server' }] });
  });

  it('tells of each receiver by itself', async () => {
    world.smtp.script = { at: 'rcpt', act: { say: '550 no such user' } };
    const answer = await custom({ ...MAIL, receivers: 'a@example.com,b@example.com' });
    expect(answer.message).toMatch(/^Delivered 0 of 2\./);
    expect(answer.receipts).toMatchObject([
      { receiver: 'a@example.com', code: '550' },
      { receiver: 'b@example.com', code: '550' },
    ]);
  });
});

describe('the test of a resource instance', () => {
  const test = (name: string, body?: object) => world.ask(`POST /api/resource-instances/${name}/test`, body);

  it('logs in and sends to itself, or to whom it is told', async () => {
    expect((await test('mail-out')).body).toMatchObject({ status: 'delivered', to: 'alert@example.com' });
    expect((await test('mail-out', { to: 'b@example.com' })).body).toMatchObject({ status: 'delivered' });
    expect(world.mails.map(({ to }) => to)).toEqual([['alert@example.com'], ['b@example.com']]);
  });

  it('tells cause and fix in the language of the caller', async () => {
    world.smtp.script = { at: 'auth', act: { say: '535 authentication failed' } };
    expect((await test('mail-out', { lang: 'zh' })).body).toMatchObject({
      status: 'refused',
      cause: 'auth',
      fix: expect.stringContaining('授权码'),
    });
  });

  it('knows only the instances of the settings, and one address', async () => {
    expect(await test('gone')).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('mail-out') } },
    });
    expect(await test('mail-out', { to: 'a@x.com,b@x.com' })).toMatchObject({ status: 400 });
  });
});

describe('notifyByMessageCenter', () => {
  it('tells every channel that is set up, in the words of the template', async () => {
    const answer = await center({ channelTypeList: [], lang: 'zh' });
    expect(answer).toMatchObject({ status: true, message: expect.stringMatching(/^已送达 4\/4。/) });
    expect(world.mails[0]).toMatchObject({ subject: '【云安全中心】产生安全事件：Test' });
    expect(world.posts()[0].markdown.text).toContain('产生安全事件');
    const inbox = (await world.ask('GET /api/inbox/ops-lead')).body;
    expect(inbox.items[0]).toMatchObject({ title: '【云安全中心】产生安全事件：Test' });
  });

  it('sends by mail only when pmsg and email are asked for, and email and webhook received', async () => {
    const receiving = { securityNotice: { email: 'enabled', webhook: 'enabled', inbox: 'disabled', sms: 'disabled' } };
    const settings = world.settings() as { messageCenter: object };
    await world.put({ ...settings, messageCenter: { ...settings.messageCenter, receiving } });
    const answer = await center({ channelTypeList: ['pmsg', 'email'] });
    expect(answer).toMatchObject({ status: true, receipts: [{ channel: 'email' }] });
    expect(answer.message).toContain('does not allow it for this message: internal message');
    expect(await center({ channelTypeList: ['pmsg'] })).toMatchObject({
      status: false,
      problems: [{ code: 'no-channel-left' }],
    });
    expect(world.mails).toHaveLength(1);
  });
});

describe('the quota of a robot', () => {
  const post = (id?: string) => custom({ dingdingWebhooks: '10651', dingdingcontext: 'x' }, id);

  it('is shared with everything else, and what is over it is told and not sent', async () => {
    for (let count = 0; count < 20; count += 1) expect((await post()).status).toBe(true);
    const over = await post();
    expect(over).toMatchObject({ status: false, receipts: [{ status: 'refused', code: 'quota', cause: 'rate' }] });
    expect(over.message).toMatch(/quota is used up.*Call again in \d+ s/);
    expect(world.posts()).toHaveLength(20);
    const receipt = (await world.ask(`GET /api/deliveries/${over.receipts[0].delivery}`)).body;
    expect(receipt).toMatchObject({ status: 'refused', code: 'quota', attempts: [] });
    world.base.clock.advance(70_000);
    expect((await post()).status).toBe(true);
  });

  it('never sends into the pause of a provider, and parks the robot when it says too fast', async () => {
    world.robotReply = () => ({ status: 200, body: '{"errcode":130101,"errmsg":"send too fast"}' });
    expect(await post()).toMatchObject({ status: false, receipts: [{ code: '130101' }] });
    world.robotReply = () => ({ status: 200, body: '{"errcode":0}' });
    expect(await post()).toMatchObject({ status: false, receipts: [{ code: 'quota' }] });
    expect(world.posts()).toHaveLength(1);
  });

  it('waits for a slot that comes free soon', async () => {
    const key = targetKeyOf('dingtalk', world.robotUrl('invented-token-0001'));
    await parkTarget(world.base.platform.store, key, world.base.clock.nowMs() + 4_000);
    expect(await post()).toMatchObject({ status: true });
  });
});

describe('a repeated call', () => {
  it('gets the same answer again and sends nothing twice', async () => {
    const path = '/actions/NotifyMessage/notifyByCustom';
    const first = await world.ask(`POST ${path}`, { ...MAIL, requestId: 'r-1' });
    const again = await world.ask(`POST ${path}`, { ...MAIL, requestId: 'r-1' });
    expect(again.body).toEqual(first.body);
    expect(again.headers['x-fenghuo-repeated']).toBe('true');
    expect(first.headers['x-fenghuo-repeated']).toBeUndefined();
    expect(world.mails).toHaveLength(1);
    await custom(MAIL, 'r-2');
    expect(world.mails).toHaveLength(2);
  });

  it('is known by a header as well', async () => {
    const headers = { authorization: `Bearer ${world.base.platform.accessToken}`, 'x-request-id': 'h-1' };
    for (let count = 0; count < 2; count += 1)
      await world.ask('POST /actions/NotifyMessage/notifyByCustom', MAIL, headers);
    expect(world.mails).toHaveLength(1);
  });

  it('is refused when it asks for something else under the same id', async () => {
    await custom(MAIL, 'r-1');
    const other = await world.ask('POST /actions/NotifyMessage/notifyByCustom', {
      ...MAIL,
      emailTitle: 'x',
      requestId: 'r-1',
    });
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'request-id-reused' } } });
    expect(world.mails).toHaveLength(1);
  });

  it('is told to come again while the first is being done', async () => {
    const both = await Promise.all(
      [1, 2].map(() => world.ask('POST /actions/NotifyMessage/notifyByCustom', { ...MAIL, requestId: 'r-1' })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.headers['retry-after']).toBeDefined();
    expect(world.mails).toHaveLength(1);
  });
});

describe('who may call', () => {
  const path = '/actions/NotifyMessage/notifyByCustom';
  const body = JSON.stringify(MAIL);
  const signed = (more: object = {}) => {
    const timestamp = String(Math.floor(world.base.clock.nowMs() / 1_000));
    const call = { id: 'msg_1', timestamp, body, ...more };
    const signature = callSignature(world.base.platform.accessToken, call);
    return { 'webhook-id': call.id, 'webhook-timestamp': call.timestamp, 'webhook-signature': `v1,x ${signature}` };
  };

  it('is who has the token, or who signs with it; the id of the signature is that of the request', async () => {
    expect(await world.ask(`POST ${path}`, body, signed())).toMatchObject({ status: 200, body: { status: true } });
    expect((await world.ask(`POST ${path}`, body, signed())).headers['x-fenghuo-repeated']).toBe('true');
    expect(world.mails).toHaveLength(1);
  });

  it('is nobody else', async () => {
    const stale = signed({ timestamp: '1' });
    const forged = { ...signed(), 'webhook-signature': 'v1,AAAA' };
    const nameless = { ...signed(), 'webhook-id': '' };
    for (const headers of [{}, stale, forged, nameless, signed({ body: 'other' })])
      expect(await world.ask(`POST ${path}`, body, headers)).toMatchObject({ status: 401 });
    expect(await world.ask('GET /api/settings', '', signed({ body: '' }))).toMatchObject({ status: 401 });
    expect(world.mails).toEqual([]);
  });
});

describe('secrets', () => {
  it('never stand in an answer', async () => {
    world.robotReply = (token) => ({
      status: 200,
      body: `{"errcode":1,"errmsg":"${world.robotUrl(token)} ${token}"}`,
    });
    const answers = [
      await custom({ dingdingWebhooks: [world.robotUrl('invented-token-0009'), '10651'], dingdingcontext: 'x' }),
      await custom({ dingdingWebhooks: 'https://example.com/invented-token-0009', dingdingcontext: 'x' }),
      await custom({ ...MAIL, receivers: 'https://example.com/invented-token-0009' }),
      await custom({ telephone: '13800000077', smscontext: 'x' }),
      await deliveries(),
    ];
    expect(JSON.stringify(answers)).not.toMatch(/invented-token|invented-code|13800000077/);
  });
});

describe('a hostile call', () => {
  const post = (body: string) => world.ask('POST /actions/NotifyMessage/notifyByCustom', body);
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  it('is refused when it is nested too deeply, in its body or in a text', async () => {
    expect(await post(`{"receivers":${nested(100_000)}}`)).toMatchObject({ status: 400 });
    expect((await post(JSON.stringify({ ...MAIL, receivers: nested(100_000) }))).body).toMatchObject({ status: false });
    expect((await post(JSON.stringify({ ...MAIL, jsonInput: nested(100_000) }))).body).toMatchObject({ status: false });
    expect((await custom({ ...MAIL, emailcontext: ':[ '.repeat(1_000) })).status).toBe(true);
  });

  it('cannot keep us busy with one long word, and is told a few problems of many', async () => {
    const long = 'a@'.padEnd(400_000, '.');
    expect((await custom({ ...MAIL, receivers: [long] })).problems).toMatchObject([{ code: 'bad-receiver' }]);
    const many = await custom({ ...MAIL, receivers: Array.from({ length: 5_000 }, (_, at) => `nobody ${at}`) });
    expect(many.problems).toHaveLength(20);
    expect(many.message).toContain('And 4980 more problems.');
  });

  it('reaches no address that is not public', async () => {
    for (const address of ['127.0.0.2', '169.254.169.254', '10.0.0.1', '[::1]']) {
      const answer = await custom({
        dingdingWebhooks: `http://${address}/robot/send?access_token=x1`,
        dingdingcontext: 'x',
      });
      expect(answer).toMatchObject({ status: false, receipts: [{ status: 'refused', cause: 'url' }] });
    }
  });

  it('cannot write headers, further recipients or mentions', async () => {
    await custom({ ...MAIL, emailTitle: 'A\r\nBcc: evil@example.com', receivers: 'a@example.com' });
    expect(world.mails).toMatchObject([{ to: ['a@example.com'], subject: 'A Bcc: evil@example.com' }]);
  });
});
