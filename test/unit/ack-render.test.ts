import { describe, expect, it } from 'vitest';
import type { Escalation, Notice } from '../../shared/channels/channel.ts';
import { renderRobotBody as dingtalkBody } from '../../shared/channels/dingtalk/render.ts';
import { renderMail } from '../../shared/channels/email/render.ts';
import { renderInboxMessage } from '../../shared/channels/inbox/render.ts';
import { type Look, letterOf } from '../../shared/channels/lark/letter.ts';
import { renderHookBody } from '../../shared/channels/lark/render.ts';
import { renderSlackBody } from '../../shared/channels/slack/render.ts';
import { templateParamOf } from '../../shared/channels/sms/render.ts';
import { callOf } from '../../shared/channels/webhook/call.ts';
import { renderRobotBody as wecomBody } from '../../shared/channels/wecom/render.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { WebhookOptions } from '../../shared/domain/target.ts';
import { aMergedNotice, aNotice, anEventSaying, aTarget, NOW_MS } from '../fixtures/providers/notice.ts';

const LINK = 'https://console.example.com/?event=evt_1';
const ACK = `https://console.example.com/ack/${'dlv_01jabcdefAbCdEfGh-_123456.t9k2a1.AbCdEfGh.'}${'m'.repeat(43)}`;
const MINUTE = 60_000;

const escalation: Escalation = {
  kind: 'escalated',
  n: 1,
  of: 2,
  policy: 'security-alerts',
  sinceMs: NOW_MS,
  atMs: NOW_MS + 95 * MINUTE,
  told: [
    { channel: 'dingtalk', name: 'contact ops' },
    { channel: 'email', name: 'contact ops-lead' },
  ],
};

const box = { address: 'a@example.com', domain: 'example.com', local: 'a' };
const mail = (notice: Notice) =>
  renderMail(notice, { sender: box, recipient: box, target: aTarget() } as Parameters<typeof renderMail>[1]);
const lark = (look: Look) => (notice: Notice) =>
  JSON.stringify(renderHookBody(letterOf({ notice, target: aTarget(), nowMs: NOW_MS, quiet: false }), look));
const wecom = (look: 'card' | 'markdown' | 'text') => (notice: Notice) =>
  JSON.stringify(wecomBody(notice, aTarget(), { look, quiet: false }));
const hook = (format: WebhookOptions['format'], method: WebhookOptions['method']) => (notice: Notice) => {
  const webhook = { method, format, headers: {} };
  const { url, content } = callOf(
    notice,
    aTarget({ channel: 'webhook', address: 'https://hook.example.com/', webhook }),
  );
  const text = `${url} ${content?.body ?? ''}`;
  return format === 'form' ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
};

const WAYS: Readonly<Record<string, (notice: Notice) => string>> = {
  dingtalk: (notice) => JSON.stringify(dingtalkBody(notice, aTarget())),
  'lark card 2': lark('card-2'),
  'lark card 1': lark('card-1'),
  'lark post': lark('post'),
  'lark text': lark('text'),
  'wecom card': wecom('card'),
  'wecom markdown': wecom('markdown'),
  'wecom text': wecom('text'),
  slack: (notice) => JSON.stringify(renderSlackBody(notice, aTarget())),
  'email text': (notice) => mail(notice).text,
  'email html': (notice) => mail(notice).html,
  inbox: (notice) => JSON.stringify(renderInboxMessage(notice, aTarget(), NOW_MS)),
  webhook: hook('standard', 'POST'),
  'webhook event': hook('cloudevents', 'POST'),
  'webhook form': hook('form', 'POST'),
};

describe.each(Object.entries(WAYS))('%s', (_name, render) => {
  it('carries the link by which somebody acknowledges, beside the one to the event', () => {
    const text = render(aNotice({ link: LINK, ackLink: ACK }));
    expect(text).toContain(ACK);
    expect(text).toContain('event=evt_1');
  });

  it('has no such link, and no word of it, where nobody waits for that', () => {
    const text = render(aNotice({ link: LINK }));
    expect(text).not.toContain('/ack/');
    expect(text.toLowerCase()).not.toContain('acknowledge');
    expect(text.toLowerCase()).not.toContain('escalat');
  });

  it('keeps the link whole, however much an event or a digest says', () => {
    const rich = aNotice({
      digest: digestOfEvent(anEventSaying('很长的文字 & <b>'.repeat(2_000))),
      link: LINK,
      ackLink: ACK,
    });
    for (const notice of [rich, aMergedNotice(500, { link: LINK, ackLink: ACK })])
      expect(render(notice)).toContain(ACK);
  });
});

describe.each(Object.entries(WAYS).filter(([name]) => !name.startsWith('webhook')))('%s', (_name, render) => {
  it('says that it escalates: who was told when, by which policy, for how long', () => {
    const text = render(aNotice({ link: LINK, ackLink: ACK, escalation }));
    expect(text).toMatch(/Escalation, step 1 of 2/);
    expect(text).toMatch(/security-alerts|security\\-alerts|security\\\\-alerts/);
    expect(text).toContain('1 h 35 min');
    expect(text).toContain('first told 2026-11-20 17:07');
  });
});

describe('a webhook', () => {
  it('gets what it needs to escalate by itself', () => {
    const body = JSON.parse(
      callOf(aNotice({ ackLink: ACK, escalation }), aTarget({ channel: 'webhook' })).content?.body ?? '',
    );
    expect(body.data).toMatchObject({
      acknowledge: ACK,
      escalation: { kind: 'escalated', n: 1, policy: 'security-alerts' },
    });
  });
});

describe('the words', () => {
  const textOf = (changes: Partial<Escalation>, language: 'zh' | 'en' = 'en') =>
    mail(aNotice({ language, escalation: { ...escalation, ...changes } })).text;

  it('say in both languages that it escalates, or that it is a reminder, in the title as well', () => {
    expect(textOf({})).toContain('[Critical] Escalated · ECS');
    expect(textOf({ kind: 'repeated', n: 2, of: 3 })).toContain(
      'Reminder 2 of 3: nobody has acknowledged for 1 h 35 min. Policy security-alerts, first told',
    );
    expect(textOf({}, 'zh')).toContain('[紧急] 升级通知 · ');
    expect(textOf({}, 'zh')).toContain(
      '升级通知（第 1 级，共 2 级）：1 小时 35 分钟内无人确认。策略 security-alerts，最早于',
    );
  });

  it('say that nobody could be told', () => {
    const { sinceMs: _since, ...untold } = escalation;
    const { text } = mail(aNotice({ escalation: untold }));
    expect(text).toContain('nobody could be told before (contact ops by DingTalk, contact ops-lead by Email)');
  });

  it('leave text messages as they were: they have no room', () => {
    const plain = templateParamOf(aNotice(), aTarget());
    expect(templateParamOf(aNotice({ ackLink: ACK, escalation }), aTarget())).toEqual(plain);
  });
});
