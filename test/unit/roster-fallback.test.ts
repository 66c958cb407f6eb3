import { describe, expect, it } from 'vitest';
import { targetKeyOf } from '../../shared/domain/ids.ts';
import type { Contact } from '../../shared/domain/settings.ts';
import { dingtalk, explained, file, kai, wantsOf, ways } from '../support/roster-samples.ts';

describe('an order of methods', () => {
  const order = (...methods: NonNullable<Contact['fallback']>['order']) => ({ order: methods });

  it('tells the contact by the first method and goes on to the next ones', () => {
    const settings = file([kai], { fallback: { ...order('webhook', 'email', 'sms'), after: '90s' } });
    expect(wantsOf(settings)).toEqual([
      {
        target: targetKeyOf('dingtalk', dingtalk),
        channel: 'dingtalk',
        rule: 'subscription:s',
        rules: ['subscription:s'],
        intervalMs: 0,
        language: 'en',
        fallback: {
          afterMs: 90_000,
          steps: [
            { target: targetKeyOf('email', 'Kai@example.com'), channel: 'email', language: 'en' },
            { target: targetKeyOf('sms', '+8613800000000'), channel: 'sms', language: 'en' },
          ],
        },
      },
    ]);
    expect(explained(settings)).toMatchObject({ detail: 'contact kai; if that fails: email, sms' });
  });

  it('waits five minutes when it does not say how long', () => {
    const [want] = wantsOf(file([kai], { fallback: order('webhook', 'email') }));
    expect(want?.fallback?.afterMs).toBe(300_000);
  });

  it('of the contact goes before that of the policy', () => {
    const settings = file([{ ...kai, fallback: order('inbox', 'voice') }], { fallback: order('webhook', 'email') });
    expect(ways(settings)).toEqual([['inbox', 'voice']]);
  });

  it('leaves out what the level does not allow, what is not deployed and what has no address or sender', () => {
    const fallback = order('webhook', 'voice', 'email', 'inbox');
    const settings = file([kai], { fallback, channelsByLevel: { critical: ['email', 'voice'] } });
    expect(ways(settings, { level: 'critical' })).toEqual([['voice', 'email']]);
    expect(ways(settings, {}, ['email', 'inbox'])).toEqual([['email', 'inbox']]);
    const { voice: _, ...withoutVoice } = settings;
    expect(ways(withoutVoice)).toEqual([['dingtalk', 'email', 'inbox']]);
    expect(ways(file([{ name: 'lin', inbox: 'lin' }], { fallback }))).toEqual([['inbox']]);
  });

  it('silences nobody: a contact that has none of its methods is told by all that it has', () => {
    const settings = file([{ name: 'lin', inbox: 'lin', email: 'lin@example.com' }], {
      fallback: order('sms', 'voice'),
    });
    expect(ways(settings)).toEqual([['email'], ['inbox']]);
  });

  it('does not go on to a target that is told anyway, by the same rule or by another', () => {
    const lin: Contact = { name: 'lin', email: kai.email };
    const fallback = order('webhook', 'email');
    expect(ways(file([{ ...kai, fallback }, lin]))).toEqual([['dingtalk'], ['email']]);
    const two = file(
      [{ ...kai, fallback: order('webhook', 'email', 'inbox') }, lin],
      {},
      {
        contactGroups: [
          { name: 'oncall', contacts: ['kai'] },
          { name: 'mail', contacts: ['lin'] },
        ],
        notificationPolicies: [
          { name: 'page', contactGroups: ['oncall'] },
          { name: 'mails', contactGroups: ['mail'] },
        ],
        subscriptions: [
          { name: 's', policy: 'page' },
          { name: 't', policy: 'mails' },
        ],
      },
    );
    expect(ways(two)).toEqual([['dingtalk', 'inbox'], ['email']]);
  });

  it('of two contacts with one robot goes on to both, after the shorter time', () => {
    const lin: Contact = {
      name: 'lin',
      webhook: { url: dingtalk },
      inbox: 'lin',
      fallback: { order: ['webhook', 'inbox'], after: '1m' },
    };
    const [want, ...others] = wantsOf(file([{ ...kai, fallback: order('webhook', 'email') }, lin]));
    expect(others).toEqual([]);
    expect(want?.fallback).toMatchObject({
      afterMs: 60_000,
      steps: [{ channel: 'email' }, { channel: 'inbox', target: targetKeyOf('inbox', 'lin') }],
    });
  });
});
