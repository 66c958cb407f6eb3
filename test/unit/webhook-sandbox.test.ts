import { describe, expect, it } from 'vitest';
import { callOf } from '../../shared/channels/webhook/call.ts';
import { webhookSignature } from '../../shared/channels/webhook/sign.ts';
import type { WebhookOptions } from '../../shared/domain/target.ts';
import { webhookHtml } from '../../shared/local/sandbox/webhook-html.ts';
import { aMergedNotice, aNotice, aTarget } from '../fixtures/providers/notice.ts';
import { START_MS, world } from '../fixtures/providers/sandbox-world.ts';

const ADDRESS = 'http://sandbox.invalid/sandbox/webhook/tickets';

const receiver = () => {
  const made = world();
  const deliver = (options: Partial<WebhookOptions>, notice = aNotice(), more: Record<string, string> = {}) => {
    const webhook = { method: 'POST', format: 'standard', headers: {}, ...options } as const;
    const { method, url, content } = callOf(notice, aTarget({ address: ADDRESS, webhook }));
    const headers = { 'content-type': content?.type ?? '', 'webhook-id': notice.id, ...more };
    const request = { headers, body: Buffer.from(content?.body ?? '') };
    return made.answered(method, url, request);
  };
  return { ...made, deliver };
};

describe('fake webhook receiver, by format', () => {
  it.each([
    ['POST', 'standard', 'notification.event (1)', 'Standard Webhooks'],
    ['GET', 'standard', 'notification.event (1)', 'Standard Webhooks'],
    ['POST', 'cloudevents', 'fenghuo.notification.event (1)', 'CloudEvents'],
    ['GET', 'cloudevents', 'fenghuo.notification.event (1)', 'CloudEvents'],
    ['POST', 'form', 'fenghuo (1)', 'CloudMonitor form'],
    ['GET', 'form', 'fenghuo (1)', 'CloudMonitor form'],
  ] as const)('takes a %s of %s and shows what it says', async (...row) => {
    const [method, format, title, name] = row;
    const { deliver, messages } = receiver();
    expect((await deliver({ method, format })).status).toBe(200);
    const [message] = await messages('html=1');
    expect(message).toMatchObject({ title, shown: true, idempotencyKey: 'dlv_0000000001' });
    expect(message?.text).toContain('i-bp1fenghuo00000001 · cn-hangzhou');
    expect(message?.html).toContain(`<h4>${title}</h4><p><em>${name}</em></p><ul><li>`);
  });

  it('counts what a digest tells', async () => {
    const { deliver, messages } = receiver();
    await deliver({}, aMergedNotice(44));
    expect(await messages()).toMatchObject([{ title: 'notification.digest (44)' }]);
  });

  it('shows calls that are in none of the formats by their fields or their text', async () => {
    const { call, messages } = receiver();
    await call('POST', ADDRESS, { body: Buffer.from('plain words <b>') });
    await call('POST', ADDRESS, { json: { a: '<i>', b: [1] } });
    const html = (await messages('html=1')).map((message) => message.html);
    expect(html).toEqual([
      '<pre>plain words &lt;b&gt;</pre>',
      '<table><tr><th>a</th><td>&lt;i&gt;</td></tr><tr><th>b</th><td>[1]</td></tr></table>',
    ]);
  });

  it('lets nothing of a message become markup, and no script an address', () => {
    const html = webhookHtml({
      type: '<script>',
      timestamp: '',
      data: {
        link: 'javascript:alert(1)',
        digest: { total: 1, top: [{ level: 'x', name: '<img onerror=x>', resource: { id: '"' }, region: '' }] },
      },
    });
    expect(html).toContain('&lt;img onerror=x&gt; · &quot;');
    expect(html).not.toMatch(/<script|<img|<a /);
  });
});

describe('fake webhook receiver, by settings', () => {
  it('checks the signature and its age when it has a secret', async () => {
    const { sandbox, deliver, clock } = receiver();
    expect(
      sandbox.configure('webhook', 'tickets', { secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' }),
    ).toBeUndefined();
    const body = callOf(aNotice(), aTarget({ address: ADDRESS })).content?.body ?? '';
    const timestampS = START_MS / 1_000;
    const signed = (secret: string) => ({
      'webhook-timestamp': String(timestampS),
      'webhook-signature': `v1,AAAA ${webhookSignature(secret, { id: 'dlv_0000000001', timestampS, body })}`,
    });
    const good = signed('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=');
    expect((await deliver({}, aNotice(), good)).status).toBe(200);
    expect((await deliver({}, aNotice(), signed('other'))).body).toContain('does not match');
    expect(await deliver({})).toMatchObject({ status: 401, body: expect.stringContaining('missing') });
    clock.at = START_MS + 300_001;
    expect((await deliver({}, aNotice(), good)).body).toContain('five minutes');
  });

  it('can be gone for good, and refuses settings that it does not know', async () => {
    const { sandbox, deliver } = receiver();
    sandbox.configure('webhook', 'tickets', { gone: true });
    expect((await deliver({})).status).toBe(410);
    expect(sandbox.configure('webhook', 'tickets', { keywords: [] })).toEqual(expect.any(String));
  });
});
