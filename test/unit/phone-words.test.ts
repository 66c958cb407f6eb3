import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phoneNumberOf, spellingsOf } from '../../shared/channels/phone-number.ts';
import { internationalTextOf, templateParamOf } from '../../shared/channels/sms/render.ts';
import { variableText } from '../../shared/channels/variable-text.ts';
import { ttsParamOf } from '../../shared/channels/voice/render.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { aMergedNotice, aNotice, anEvent, aTarget } from '../fixtures/providers/notice.ts';

const target = aTarget({ address: '+8613800000000' });
const noticeOf = (changes: Partial<Event>, language: 'zh' | 'en') =>
  aNotice({ digest: digestOfEvent(anEvent(changes)), language });

describe('a phone number', () => {
  it.each([
    '13800000000',
    '+8613800000000',
    '8613800000000',
    '008613800000000',
    '+86 138-0000-0000',
    ' (0086) 138 0000 0000 ',
    '１３８００００００００',
  ])('%s is a mobile number of the mainland', (text) => {
    expect(phoneNumberOf(text)).toEqual({ kind: 'mainland', national: '13800000000' });
  });

  it.each([
    ['+852 9123 4567', '85291234567'],
    ['0014155550100', '14155550100'],
    ['+6591234567', '6591234567'],
  ])('%s is a number abroad', (text, digits) => {
    expect(phoneNumberOf(text)).toEqual({ kind: 'abroad', digits });
  });

  it.each([
    '',
    '+',
    '10086',
    '12800000000',
    '+862112345678',
    '91234567',
    '+0123456789',
    '+1234567890123456',
    '138000000001',
    '+86138000000OO',
    '*100#',
    '13800000000,13900000000',
  ])('%j is none that a message reaches', (text) => {
    expect(phoneNumberOf(text)).toBeUndefined();
  });

  it('is hidden in every spelling', () => {
    const number = phoneNumberOf('0086 138-0000-0000');
    if (number === undefined) throw new Error('expected a number');
    expect(spellingsOf('0086 138-0000-0000', number)).toEqual(['0086 138-0000-0000', '13800000000', '8613800000000']);
  });
});

describe('the text of a variable', () => {
  it.each([
    ['CPU > 90% [prod]', 'CPU ＞ 90% (prod)'],
    ['https://a.example.com/x?y=1', 'a·example·com/x?y=1'],
    ['www.1688.com', 'www·1688·com'],
    ['10.0.0.1 v1.25', '10.0.0.1 v1.25'],
    ['【银行】🚨"{x}"\n两行', '（银行） x 两行'],
    ['🚨👨‍👩‍👧', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(variableText(text, 35)).toBe(expected);
  });

  it('is cut between two characters and says so', () => {
    expect(variableText('字'.repeat(36), 35)).toBe(`${'字'.repeat(34)}…`);
    expect(variableText('字'.repeat(35), 35)).toBe('字'.repeat(35));
    expect(variableText('𠮷'.repeat(20), 35)).toBe(`${'𠮷'.repeat(17)}…`);
    expect(variableText(`${'🚨'.repeat(300)}字`, 35)).toBe('');
    expect(variableText(`字${'🚨'.repeat(300)}字`, 35)).toBe('字…');
  });
});

describe('the variables of a message', () => {
  it('tell level, product, event, resource, count and time in the language and the zone of the reader', () => {
    const changes = { name: 'Instance:StateChange', status: 'Stopped' } as const;
    const { title: _, ...event } = anEvent(changes);
    const notice = (language: 'zh' | 'en') => aNotice({ digest: digestOfEvent(event), language });
    expect(templateParamOf(notice('zh'), target)).toEqual({
      level: '紧急',
      product: '云服务器 ECS',
      name: '实例状态变更：已停止',
      resource: 'web-frontend',
      count: '1',
      time: '2026-11-20 17:07',
    });
    expect(templateParamOf(notice('en'), target)).toMatchObject({
      level: 'Critical',
      name: 'Instance state changed: Stopped',
    });
    expect(internationalTextOf(notice('en'), target)).toBe(
      '(Critical) ECS, Instance state changed: Stopped, web-frontend, 1 event, 2026-11-20 17:07',
    );
  });

  it('tell of many events how many there are, and the most severe kind', () => {
    expect(templateParamOf(aMergedNotice(44, { language: 'zh' }), target)).toMatchObject({
      level: '紧急',
      name: '实例因系统维护计划重启等 2 类',
      resource: 'i-bp1fenghuo00000000 等',
      count: '44',
    });
    expect(internationalTextOf(aMergedNotice(44), target)).toContain('44 events');
  });

  it('leave the product out of the name and nothing empty', () => {
    const { title: _, ...event } = anEvent({
      product: 'cms',
      name: 'CPU usage',
      status: '',
      resource: { id: '', type: '', name: '', arn: '' },
    });
    const param = templateParamOf(aNotice({ digest: digestOfEvent(event), language: 'zh' }), target);
    expect(param).toMatchObject({ product: '云监控', name: 'CPU usage', resource: '-' });
  });

  it('say of a test that it is one', () => {
    expect(templateParamOf(aNotice({ test: true, language: 'zh' }), target)).toMatchObject({
      level: '测试',
      product: '烽火',
      name: '烽火测试消息',
    });
  });
});

describe('what a call says', () => {
  it('names level and event first and spells no id', () => {
    const resource = { id: 'i-bp1abcdefgh12345', type: '', name: '', arn: '' };
    const zh = ttsParamOf(noticeOf({ resource }, 'zh'), target);
    expect(Object.keys(zh).slice(0, 2)).toEqual(['level', 'name']);
    expect(zh).toMatchObject({ level: '紧急', name: '实例因系统维护计划重启：已计划', resource: '尾号2345' });
    expect(ttsParamOf(noticeOf({ resource }, 'en'), target)).toMatchObject({ resource: 'ending in 2345' });
  });

  it('makes pauses of signs that would be read out', () => {
    const resource = { id: '', type: '', name: 'prod_web/front-end.example.com', arn: '' };
    expect(ttsParamOf(noticeOf({ resource }, 'en'), target).resource).toBe('prod web front end example com');
  });

  it('says the exact count of a merged message, and that a resource has no name', () => {
    expect(ttsParamOf(aMergedNotice(4_321), target)).toMatchObject({
      count: '4321',
      resource: 'ending in 0000 and more',
    });
    const nameless = { id: '', type: '', name: '', arn: '' };
    expect(ttsParamOf(noticeOf({ resource: nameless }, 'zh'), target).resource).toBe('未指明');
  });

  it('keeps every limit whatever an event says', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 500 }),
      fc.string({
        unit: fc.constantFrom('汉', '𠮷', '🚨', '👨‍👩‍👧', '"', '\\', '\ud800', '.', '/', ':', 'a', '9'),
        maxLength: 500,
      }),
    );
    fc.assert(
      fc.property(text, text, fc.constantFrom('zh', 'en'), (name, other, language) => {
        const resource = { id: other, type: other, name, arn: other };
        const notice = noticeOf(
          { name, product: other, status: other, title: { zh: name, en: name }, resource },
          language,
        );
        const variables = Object.values(templateParamOf(notice, target));
        for (const value of variables) {
          expect(value.length).toBeGreaterThan(0);
          expect(value.length).toBeLessThanOrEqual(35);
        }
        const spoken = JSON.stringify(ttsParamOf(notice, target));
        expect(spoken.length).toBeLessThan(250);
        const abroad = internationalTextOf(notice, target);
        expect(abroad.length).toBeLessThanOrEqual(150);
        expect([...variables, spoken, abroad].join('\n')).not.toMatch(/\p{Surrogate}|\ufffd|:\/\//u);
      }),
      { numRuns: 300 },
    );
  });
});
