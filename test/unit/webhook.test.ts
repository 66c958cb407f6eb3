import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/channels/channel.ts';
import { webhook } from '../../shared/channels/webhook/index.ts';
import { webhookSignature } from '../../shared/channels/webhook/sign.ts';
import type { HttpClient, HttpRequest } from '../../shared/ports/http-client.ts';
import { aMergedNotice, aNotice, aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';

const DOC_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OWN_SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

const VECTORS = [
  [
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    DOC_SECRET,
    '{"test": 2432232314}',
    'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ],
  [
    'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
    1674087231,
    DOC_SECRET,
    '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}',
    'ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ=',
  ],
  [
    'dlv_01JD3N7Q4ZC6M9T5R8WXYKE2AB',
    1763630000,
    OWN_SECRET,
    '{"type":"notify.alert","data":{"title":"云安全中心告警 🚨","n":1}}',
    'hQ4kOnm/9Z5kGg85vvkGt11CqtPgbKUhFRlSfHY1UN8=',
  ],
  ['dlv_01JD3N7Q4ZC6M9T5R8WXYKE2AB', 1763630000, OWN_SECRET, '', 'ZLk3OwGVcXasDzenQL4w1lIIHu0ElV9M/Gd5XMqblIU='],
] as const;

const requestFor = async (notice: Notice, secret?: string): Promise<HttpRequest> => {
  const sent: HttpRequest[] = [];
  const http: HttpClient = {
    send: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body: '' };
    },
  };
  const target = aTarget({ channel: 'webhook', address: 'https://hooks.example.com/a', ...(secret ? { secret } : {}) });
  await webhook.send(notice, target, channelPorts({ http, clock: { nowMs: () => NOW_MS } }));
  return sent[0]!;
};

describe('webhook', () => {
  it.each(VECTORS)('signs %s at %d', (...vector) => {
    const [id, timestampS, secret, body, expected] = vector;
    expect(webhookSignature(secret, { id, timestampS, body })).toBe(`v1,${expected}`);
  });

  it('carries the exact counts and the events, and when the last of them happened', async () => {
    const body = JSON.parse((await requestFor(aMergedNotice(44))).body!);
    expect(body).toMatchObject({
      type: 'notification.digest',
      timestamp: '2026-11-20T09:07:53.000Z',
      data: { id: 'dlv_0000000001', level: 'critical', digest: { total: 44, byLevel: { critical: 4, medium: 40 } } },
    });
    expect(body.data.digest.top[0].id).toBe('evt_0000000000');
  });

  it('names a single event and a test by their types', async () => {
    expect(JSON.parse((await requestFor(aNotice())).body!).type).toBe('notification.event');
    expect(JSON.parse((await requestFor(aNotice({ test: true }))).body!).type).toBe('notification.test');
  });

  it('signs the very bytes that it sends when the target has a secret, and not otherwise', async () => {
    const { headers, body } = await requestFor(aNotice(), OWN_SECRET);
    const timestampS = Number(headers['webhook-timestamp']);
    expect(timestampS).toBe(Math.floor(NOW_MS / 1_000));
    const expected = webhookSignature(OWN_SECRET, { id: 'dlv_0000000001', timestampS, body: body! });
    expect(headers['webhook-signature']).toBe(expected);
    expect((await requestFor(aNotice())).headers).not.toHaveProperty('webhook-signature');
  });

  it('survives an instant that no calendar has', async () => {
    const notice = aNotice();
    const body = (await requestFor({ ...notice, digest: { ...notice.digest, lastMs: Number.NaN } })).body!;
    expect(JSON.parse(body).timestamp).toBe('1970-01-01T00:00:00.000Z');
  });
});
