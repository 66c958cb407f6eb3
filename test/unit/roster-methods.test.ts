import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import { targetKeyOf } from '../../shared/domain/ids.ts';
import { readPhone } from '../../shared/domain/roster-addresses.ts';
import type { Contact, Settings } from '../../shared/domain/settings.ts';
import { dingtalk, explained, file, kai, targetsOf, wantsOf, ways, wecom } from '../support/roster-samples.ts';

describe('a contact', () => {
  it('is a target on every method that it has an address for, with what it is sent with', () => {
    const shared = {
      name: 'contact kai',
      language: 'en',
      timezone: 'Asia/Shanghai',
      keywords: [],
      mentions: { phones: [], userIds: [], all: false },
    };
    expect(targetsOf(file([kai])).slice(1)).toEqual([
      {
        ...shared,
        key: targetKeyOf('sms', '+8613800000000'),
        channel: 'sms',
        address: '+8613800000000',
        sms: { signName: 'Fenghuo', templateCode: 'SMS_1', internationalFrom: 'FENGHUO' },
      },
      {
        ...shared,
        key: targetKeyOf('voice', '+8613800000000'),
        channel: 'voice',
        address: '+8613800000000',
        voice: { ttsCode: 'TTS_1' },
      },
      {
        ...shared,
        key: targetKeyOf('email', 'Kai@example.com'),
        channel: 'email',
        address: 'Kai@example.com',
        smtp: { name: 'mail-out', user: 'alert@example.com', password: 'invented' },
      },
      { ...shared, key: targetKeyOf('inbox', 'kai'), channel: 'inbox', address: 'kai' },
    ]);
  });

  it('gets mail from the mailbox that it names', () => {
    const target = targetsOf(file([{ ...kai, emailFrom: 'night-mail' }])).find(({ channel }) => channel === 'email');
    expect(target?.smtp).toEqual({
      name: 'night-mail',
      user: 'night@example.com',
      password: 'invented2',
      server: 'smtp.example.com:465',
    });
  });

  it('is told by every method when a level names none, and by those that are named when it names some', () => {
    const settings = file([kai], { channelsByLevel: { critical: ['voice', 'sms'], warn: ['email'], info: [] } });
    const channels = (level: Event['level']) => ways(settings, { level }).flat();
    expect(channels('high')).toEqual(['dingtalk', 'sms', 'voice', 'email', 'inbox']);
    expect(channels('critical')).toEqual(['sms', 'voice']);
    expect(channels('medium')).toEqual(['email']);
    expect(channels('info')).toEqual([]);
  });

  it('shares a mailbox or a number with another as one target that is told once', () => {
    const lin: Contact = { name: 'lin', email: 'Kai@example.com', phone: '+86-138-0000-0000' };
    const wants = wantsOf(file([kai, lin]));
    expect(wants.map(({ channel }) => channel)).toEqual(['dingtalk', 'sms', 'voice', 'email', 'inbox']);
  });

  it('is not told by a method that has nothing to be sent with, and explain says so', () => {
    const settings = file([kai], { channelsByLevel: { high: ['email', 'voice'], low: ['sms'] } });
    const { resourceInstances: _, ...withoutMail } = settings;
    expect(ways(withoutMail)).toEqual([['voice']]);
    expect(explained(withoutMail)).toMatchObject({
      name: 'matched',
      detail: 'contact kai; nothing to send with: kai (email)',
    });
    const { sms: __, ...withoutSms } = settings;
    expect(explained(withoutSms, { level: 'low' })).toMatchObject({
      name: 'no-address',
      detail: 'nothing to send with: kai (sms)',
    });
  });

  it('is not told on a channel that is not deployed, and explain names each', () => {
    const settings = file([kai], { channelsByLevel: { high: ['email', 'sms', 'inbox'] } });
    expect(ways(settings, {}, ['inbox'])).toEqual([['inbox']]);
    expect(explained(settings, {}, ['inbox'])).toMatchObject({
      name: 'matched',
      detail: 'contact kai; channel not deployed: kai (sms, email)',
    });
    expect(explained(settings, {}, [])).toMatchObject({ name: 'channel-not-deployed' });
    expect(explained(settings)).toMatchObject({ detail: 'contact kai (sms, email, inbox)' });
  });
});

describe('a phone number', () => {
  it.each([
    ['13800000000', '+8613800000000', true],
    ['138-0000 0000', '+8613800000000', true],
    ['8613800000000', '+8613800000000', true],
    ['008613800000000', '+8613800000000', true],
    ['+86 138 0000 0000', '+8613800000000', true],
    ['010-62345678', '+861062345678', true],
    ['+85261234567', '+85261234567', true],
    ['0085261234567', '+85261234567', true],
    ['61234567', '+61234567', false],
  ])('%s is %s', (written, number, isInternational) => {
    expect(readPhone(written)).toEqual({ number, isInternational });
  });

  it('is one number however it is spelled', () => {
    const mobile = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
    const between = fc.constantFrom('', ' ', '-');
    fc.assert(
      fc.property(mobile, between, fc.constantFrom('', '+86', '86', '0086', '+86 '), (digits, gap, prefix) => {
        const spelled = `${prefix}${digits.slice(0, 3)}${gap}${digits.slice(3, 7)}${gap}${digits.slice(7)}`;
        expect(readPhone(spelled).number).toBe(`+86${digits}`);
      }),
    );
  });
});

describe('a robot', () => {
  const targetOf = (webhook: Contact['webhook'], rest: Partial<Settings> = {}) =>
    targetsOf(file([{ name: 'group', webhook }], {}, rest))[0]!;

  it('has a pool of itself and the further ones, without doubles and without robots of another maker', () => {
    const second = `${dingtalk}2`;
    const pool = [
      { url: `${second}&timestamp=1&sign=x`, secret: 'SEC2', keywords: ['k2'] },
      { url: dingtalk },
      { url: second },
      { url: wecom },
      { url: 'https://proxy.example.com/robot' },
    ];
    const target = targetOf({ url: dingtalk, secret: 'SEC1', keywords: ['k1'], pool });
    expect(target.pool).toEqual([
      { key: target.key, address: dingtalk, secret: 'SEC1', keywords: ['k1'] },
      { key: targetKeyOf('dingtalk', second), address: second, secret: 'SEC2', keywords: ['k2'] },
      {
        key: targetKeyOf('dingtalk', 'https://proxy.example.com/robot'),
        address: 'https://proxy.example.com/robot',
        keywords: ['k1'],
      },
    ]);
    expect(targetOf({ url: dingtalk, pool: [{ url: dingtalk }] })).not.toHaveProperty('pool');
  });

  it('adds the pool of a chatbot with the same address to its own', () => {
    const chatbots = [{ name: 'bot', url: wecom, perMinute: 20, pool: [{ url: `${wecom}2` }] }];
    const target = targetOf({ url: wecom, perMinute: 18, pool: [{ url: `${wecom}3` }] }, { chatbots });
    expect(target.pool?.map(({ address }) => address)).toEqual([wecom, `${wecom}2`, `${wecom}3`]);
    expect(target.perMinute).toBe(20);
  });

  it('calls people by name when the settings say whom', () => {
    expect(targetOf({ url: wecom, mentions: { userIds: ['u1'], all: true } }).mentions).toEqual({
      phones: [],
      userIds: ['u1'],
      all: true,
    });
  });

  it('that is a plain webhook is called as the settings say, and as usual where they do not', () => {
    const url = 'https://h.example.com/x';
    expect(targetOf({ url, headers: { 'X-Key': 'k' }, previousSecret: 'old' }).webhook).toEqual({
      method: 'POST',
      format: 'standard',
      headers: { 'X-Key': 'k' },
      previousSecret: 'old',
    });
    expect(targetOf({ url, method: 'GET', format: 'form' }).webhook).toMatchObject({ method: 'GET', format: 'form' });
    expect(targetOf({ url })).not.toHaveProperty('webhook');
    expect(targetOf({ url: dingtalk, method: 'GET' })).not.toHaveProperty('webhook');
  });
});
