import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { webhook } from '../../shared/channels/webhook/index.ts';
import type { Target, WebhookOptions } from '../../shared/domain/target.ts';
import { readEnvelope } from '../../shared/sources/index.ts';
import type { Rig, Seen } from '../contract/channel-rig.ts';
import { openHttpRig } from '../contract/http-rig.ts';
import { aMergedNotice, aNotice, NOW_MS } from '../fixtures/providers/notice.ts';

const NEW_SECRET = `whsec_${Buffer.from('a new key of thirty-two bytes...').toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.from('an old key of thirty-two bytes..').toString('base64')}`;

let rig: Rig;
beforeAll(async () => {
  rig = await openHttpRig({ channel: 'webhook', pathFor: (token) => `/hooks/${token}?tenant=a%20b` });
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
  rig.answerWith({ body: 'ok' });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => rig.close());

const sent = async (
  options: Partial<WebhookOptions> | undefined,
  { notice = aNotice(), target = {} }: { notice?: ReturnType<typeof aNotice>; target?: Partial<Target> } = {},
): Promise<Seen> => {
  const settings = options ? { webhook: { method: 'POST', format: 'standard', headers: {}, ...options } as const } : {};
  expect((await webhook.send(notice, rig.target({ ...settings, ...target }), rig.ports)).kind).toBe('delivered');
  return rig.received().at(-1)!;
};

/** What the independent library makes of a call; throws when no signature is right or the time is not the library's. */
const verify = (secret: string, { body, headers }: Seen): string => {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const given = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  new Webhook(secret).verify(body.toString(), given, { jsonParse: false });
  return body.toString();
};

describe('signature of a webhook', () => {
  it.each(['standard', 'cloudevents', 'form'] as const)(
    'is the one of the independent library, for %s',
    async (format) => {
      const seen = await sent({ format }, { target: { secret: NEW_SECRET } });
      expect(verify(NEW_SECRET, seen)).toContain('evt_0000000001');
      expect(() => verify(OLD_SECRET, seen)).toThrow('No matching');
    },
  );

  it('is new for every attempt, and stale for the library after five minutes', async () => {
    const seen = await sent(undefined, { target: { secret: NEW_SECRET } });
    vi.setSystemTime(NOW_MS + 301_000);
    expect(() => verify(NEW_SECRET, seen)).toThrow('too old');
    vi.setSystemTime(NOW_MS);
    verify(NEW_SECRET, seen);
    expect(() => verify(NEW_SECRET, { ...seen, body: Buffer.from(`${seen.body} `) })).toThrow('No matching');
  });

  it('is made with both secrets while one replaces the other, the new one first', async () => {
    const seen = await sent({ previousSecret: OLD_SECRET }, { target: { secret: NEW_SECRET } });
    verify(NEW_SECRET, seen);
    verify(OLD_SECRET, seen);
    expect(String(seen.headers['webhook-signature']).split(' ')).toHaveLength(2);
  });

  it('covers the empty body of a GET', async () => {
    const seen = await sent({ method: 'GET', format: 'form' }, { target: { secret: NEW_SECRET } });
    expect(seen.method).toBe('GET');
    expect(seen.body).toHaveLength(0);
    expect(verify(NEW_SECRET, seen)).toBe('');
  });
});

describe('formats of a webhook', () => {
  it('sends one CloudEvent in structured JSON', async () => {
    const { headers, body } = await sent({ format: 'cloudevents' });
    expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    const event = JSON.parse(body.toString());
    expect(event).toMatchObject({
      specversion: '1.0',
      id: 'dlv_0000000001',
      source: 'urn:fenghuo',
      type: 'fenghuo.notification.event',
      time: '2026-11-20T09:07:10.000Z',
      subject: 'i-bp1fenghuo00000001',
      datacontenttype: 'application/json',
      data: { level: 'critical', digest: { total: 1 } },
    });
    for (const name of Object.keys(event)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
  });

  it('names no subject for a digest', async () => {
    const { body } = await sent({ format: 'cloudevents' }, { notice: aMergedNotice(44) });
    expect(JSON.parse(body.toString())).toMatchObject({
      type: 'fenghuo.notification.digest',
      data: { digest: { total: 44 } },
    });
    expect(JSON.parse(body.toString())).not.toHaveProperty('subject');
  });

  it('sends a form that is read like a callback of CloudMonitor', async () => {
    const { headers, body } = await sent({ format: 'form' });
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    const [item] = readEnvelope({ text: body.toString(), contentType: '' });
    expect(item).toMatchObject({
      draft: {
        source: 'cloudmonitor-subscription',
        product: 'ecs',
        name: 'Instance:SystemMaintenance.Reboot',
        level: 'critical',
        region: 'cn-hangzhou',
        account: '1000200030004000',
        occurredAtMs: NOW_MS,
      },
    });
  });

  it('counts in a form what the vendor has no field for', async () => {
    const { body } = await sent(
      { format: 'form' },
      { notice: aMergedNotice(44, { link: 'https://f.example.com/?a=1' }) },
    );
    const form = new URLSearchParams(body.toString());
    expect(Object.fromEntries(form)).toMatchObject({
      batchId: 'dlv_0000000001',
      severity: 'CRITICAL',
      total: '44',
      alertCount: '44',
      byLevel: '{"critical":4,"medium":40}',
      link: 'https://f.example.com/?a=1',
    });
    expect(JSON.parse(form.get('relatedAlertIds') ?? '')).toHaveLength(10);
  });

  it('puts the fields of the form behind the query that the address has', async () => {
    const { method, query, headers } = await sent({ method: 'GET', format: 'form' });
    expect(method).toBe('GET');
    expect(query.get('tenant')).toBe('a b');
    expect(JSON.parse(query.get('alert') ?? '')).toMatchObject({ eventName: 'Instance:SystemMaintenance.Reboot' });
    expect(headers['webhook-id']).toBe('dlv_0000000001');
    expect(headers).not.toHaveProperty('content-type');
  });

  it.each(['standard', 'cloudevents'] as const)('puts the JSON of %s into one field of the query', async (format) => {
    const { query } = await sent({ method: 'GET', format });
    expect([...query.keys()]).toEqual(['tenant', 'data']);
    expect(JSON.parse(query.get('data') ?? '')).toMatchObject({ data: { digest: { total: 1 } } });
  });
});

describe('length of a webhook', () => {
  const long = '长'.repeat(1_500);
  const wordy = () => {
    const notice = aMergedNotice(500);
    const [entry] = notice.digest.byName;
    const top = notice.digest.top.map((brief) => ({
      ...brief,
      name: long,
      details: [[long, long]] as [string, string][],
    }));
    const byName = Array.from({ length: 50 }, (_, index) => ({ ...entry!, name: `${index}${long}`, count: 10 }));
    return aNotice({ digest: { ...notice.digest, top, byName, otherNames: 0 } });
  };

  it('leaves out texts, kinds and events and counts them, while every total stays exact', async () => {
    const { body } = await sent(undefined, { notice: wordy() });
    expect(body.length).toBeLessThanOrEqual(20_000);
    const { digest, leftOut } = JSON.parse(body.toString()).data;
    expect(digest).toMatchObject({ total: 500, byLevel: { critical: 46, medium: 454 } });
    const counted = digest.byName.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    expect(counted + digest.otherNames).toBe(500);
    expect(digest.byName.length + leftOut.names).toBe(50);
    expect(digest.top.length + leftOut.events).toBe(10);
    expect(leftOut).toMatchObject({ details: 10 });
  });

  it('says nothing of it when all is there', async () => {
    const { body } = await sent(undefined, { notice: aMergedNotice(44) });
    expect(JSON.parse(body.toString()).data).not.toHaveProperty('leftOut');
  });
});

describe('headers of a webhook', () => {
  it('are added as they are given', async () => {
    const { headers } = await sent({ headers: { Authorization: 'Bearer abc', 'X-Tenant': 'ops' } });
    expect(headers).toMatchObject({ authorization: 'Bearer abc', 'x-tenant': 'ops' });
  });

  it('never replace ours, whatever their spelling', async () => {
    const theirs = {
      'Webhook-Id': 'dlv_forged',
      'WEBHOOK-SIGNATURE': 'v1,forged',
      'webhook-Timestamp': '1',
      'Content-Type': 'text/plain',
      'Content-Length': '3',
      Host: 'elsewhere.example.com',
      'Transfer-Encoding': 'chunked',
      Connection: 'close',
    };
    const seen = await sent({ headers: theirs }, { target: { secret: NEW_SECRET } });
    verify(NEW_SECRET, seen);
    expect(seen.headers).toMatchObject({ 'webhook-id': 'dlv_0000000001', 'content-type': /json/ });
    expect(JSON.stringify(seen.headers)).not.toMatch(/forged|elsewhere|text\/plain/);
    const unsigned = await sent({ headers: theirs });
    expect(unsigned.headers).not.toHaveProperty('webhook-signature');
  });

  it.each([
    ['X-A', 'a\r\nX-Injected: 1'],
    ['X-A', 'a\nX-Injected: 1'],
    ['X-A\r\nX-Injected', '1'],
    ['X-A: 1\r\nX-Injected', '1'],
    ['X-A', 'a\u0000b'],
    ['X-A', '汉'],
    ['', 'x'],
    ['X A', 'x'],
  ])('are left out when they could not be sent as one line: %j: %j', async (name, value) => {
    const { headers } = await sent({ headers: { [name]: value, 'X-Good': 'yes' } });
    expect(headers['x-good']).toBe('yes');
    expect(headers).not.toHaveProperty('x-injected');
    expect(headers).not.toHaveProperty('x-a');
  });

  it('never stand in an explanation, and neither do old secrets', async () => {
    rig.answerWith({ status: 403, body: `key-0123456789 and ${OLD_SECRET} are wrong` });
    const options = { method: 'POST', format: 'form', headers: { 'X-Key': 'key-0123456789' } } as const;
    const target = rig.target({ webhook: { ...options, previousSecret: OLD_SECRET } });
    const outcome = JSON.stringify(await webhook.send(aNotice(), target, rig.ports));
    expect(outcome).toContain('are wrong');
    expect(outcome).not.toMatch(/key-0123456789|whsec_/);
  });
});
