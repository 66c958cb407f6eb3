import { describe, expect, it } from 'vitest';
import { robotSignature } from '../../shared/channels/dingtalk/sign.ts';
import { JSON_TYPE, markdown, OK, START_MS, world } from '../fixtures/providers/sandbox-world.ts';

describe('fake DingTalk', () => {
  it('takes a correct message and shows it', async () => {
    const { send, messages } = world();
    expect(await send('access_token=robot-0123456789', markdown('hi', { msgUuid: 'dlv_1' }))).toEqual(OK);
    expect(await messages()).toMatchObject([
      {
        provider: 'dingtalk',
        target: 'robo…6789',
        receivedAtMs: START_MS,
        title: 'T',
        text: 'hi',
        shown: true,
        repeated: false,
        idempotencyKey: 'dlv_1',
        answer: { status: 200, body: OK, reset: false },
      },
    ]);
  });

  it('refuses another method before anything else', async () => {
    const { answered } = world();
    const response = await answered('GET', '/sandbox/dingtalk/robot/send');
    expect(JSON.parse(response.body).errcode).toBe(43002);
  });

  it.each([
    ['another content type', 'access_token=t', markdown(), { headers: { 'content-type': 'text/plain' } }, 43004],
    ['no content type', 'access_token=t', markdown(), { headers: {} }, 43004],
    ['no token', '', markdown(), {}, 40035],
    ['a dead token', 'access_token=dead-1', markdown(), {}, 300005],
    ['no JSON', 'access_token=t', 'garbage', { body: Buffer.from('garbage') }, 40035],
    ['a list', 'access_token=t', [], {}, 40035],
    ['no msgtype', 'access_token=t', { text: { content: 'x' } }, {}, 40035],
    ['an unknown msgtype', 'access_token=t', { msgtype: 'video' }, {}, 400105],
    ['a missing object', 'access_token=t', { msgtype: 'text' }, {}, 40035],
    ['an empty text', 'access_token=t', { msgtype: 'text', text: { content: '' } }, {}, 40035],
    [
      'a card with the wrong button field',
      'access_token=t',
      { msgtype: 'actionCard', actionCard: { title: 't', text: 'x', btns: [{ title: 'a', actionUrl: 'b' }] } },
      {},
      40035,
    ],
    [
      '20,001 bytes',
      'access_token=t',
      markdown('x'.repeat(20_001 - Buffer.byteLength(JSON.stringify(markdown(''))))),
      {},
      460101,
    ],
    [
      '20,000 bytes',
      'access_token=t',
      markdown('x'.repeat(20_000 - Buffer.byteLength(JSON.stringify(markdown(''))))),
      {},
      0,
    ],
    ['a text', 'access_token=t', { msgtype: 'text', text: { content: 'x' } }, {}, 0],
    [
      'a link',
      'access_token=t',
      { msgtype: 'link', link: { title: 't', text: 'x', messageUrl: 'https://a.example.com' } },
      {},
      0,
    ],
    [
      'a card',
      'access_token=t',
      { msgtype: 'actionCard', actionCard: { title: 't', text: 'x', singleTitle: 'a', singleURL: 'b' } },
      {},
      0,
    ],
    [
      'a feed',
      'access_token=t',
      { msgtype: 'feedCard', feedCard: { links: [{ title: 't', messageURL: 'u', picURL: 'p' }] } },
      {},
      0,
    ],
  ])('answers %s with its code', async (...row) => {
    const [, query, json, changes, code] = row;
    const { send, messages } = world();
    expect((await send(query, json, changes)).errcode).toBe(code);
    expect((await messages()).map(({ shown }) => shown)).toEqual([code === 0]);
  });

  it('takes twenty in any sliding minute, then locks the robot for ten minutes', async () => {
    const { clock, send } = world();
    const codeAt = async (offsetMs: number, token = 't'): Promise<number> => {
      clock.at = START_MS + offsetMs;
      return (await send(`access_token=${token}`, markdown())).errcode;
    };
    for (let index = 0; index < 20; index += 1) expect(await codeAt(index * 1_000)).toBe(0);
    expect(await codeAt(60_000)).toBe(0);
    expect(await codeAt(60_999)).toBe(130101);
    expect(await codeAt(60_999, 'another')).toBe(0);
    expect(await codeAt(660_998)).toBe(130101);
    expect(await codeAt(660_999)).toBe(0);
  });

  it('checks the signature and its age for robots that have a secret', async () => {
    const { sandbox, send } = world();
    sandbox.configure('dingtalk', 't', { secret: 'SECabc' });
    const signed = (timestampMs: number, secret = 'SECabc'): string =>
      `access_token=t&timestamp=${timestampMs}&sign=${encodeURIComponent(robotSignature(secret, timestampMs))}`;
    expect(await send(signed(START_MS), markdown())).toEqual(OK);
    expect(await send(signed(START_MS - 3_600_000), markdown())).toEqual(OK);
    const refused = { errcode: 310000 };
    expect(await send(signed(START_MS - 3_600_001), markdown())).toMatchObject({
      ...refused,
      errmsg: 'invalid timestamp',
    });
    expect(await send(signed(START_MS, 'SECother'), markdown())).toMatchObject({
      ...refused,
      errmsg: 'sign not match',
    });
    expect(await send('access_token=t', markdown())).toMatchObject({ ...refused, errmsg: 'sign not match' });
    expect(await send('access_token=other&sign=nonsense', markdown())).toEqual(OK);
  });

  it('checks the IP list and the keywords, set over its API', async () => {
    const { answered, send } = world();
    const set = await answered('PUT', '/sandbox/api/robots/t', {
      json: { ipList: ['198.51.100.0/24'], keywords: ['告警', 'Alert'] },
    });
    expect(set.status).toBe(200);
    const inside = { remoteAddress: '::ffff:198.51.100.7' };
    expect(await send('access_token=t', markdown('Alert'))).toEqual({
      errcode: 310000,
      errmsg: 'ip 127.0.0.1 not in whitelist',
    });
    expect(await send('access_token=t', markdown('nothing'), inside)).toEqual({
      errcode: 310000,
      errmsg: 'keywords not in content',
    });
    expect(await send('access_token=t', markdown('有告警'), inside)).toEqual(OK);
    expect((await answered('PUT', '/sandbox/api/robots/t', { json: { disabled: true } })).status).toBe(200);
    expect((await send('access_token=t', markdown(), inside)).errcode).toBe(400102);
  });

  it('takes a repeated msgUuid without showing it again', async () => {
    const { send, messages } = world();
    const body = markdown('once', { msgUuid: 'dlv_9' });
    expect(await send('access_token=t', body)).toEqual(OK);
    expect(await send('access_token=t', body)).toEqual(OK);
    expect((await messages()).map(({ shown, repeated }) => [shown, repeated])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('does not remember the msgUuid of a refused message', async () => {
    const { sandbox, send, messages } = world();
    sandbox.configure('dingtalk', 't', { keywords: ['Alert'] });
    await send('access_token=t', markdown('no', { msgUuid: 'dlv_9' }));
    await send('access_token=t', markdown('Alert', { msgUuid: 'dlv_9' }));
    expect((await messages()).map(({ shown }) => shown)).toEqual([false, true]);
  });
});

describe('fake webhook receiver', () => {
  it('takes a POST and recognises a repeated id', async () => {
    const { answered, messages } = world();
    for (const id of ['a', 'a', 'b']) {
      const headers = { ...JSON_TYPE, 'webhook-id': id };
      expect((await answered('POST', '/sandbox/webhook/tickets', { json: { type: 'x' }, headers })).status).toBe(200);
    }
    expect((await messages('provider=webhook&target=tickets')).map(({ repeated }) => repeated)).toEqual([
      false,
      true,
      false,
    ]);
    expect((await answered('PUT', '/sandbox/webhook/tickets')).status).toBe(405);
  });
});
