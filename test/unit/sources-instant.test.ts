import { describe, expect, it } from 'vitest';
import { readArn, resourceOf } from '../../shared/sources/arn.ts';
import { readForm } from '../../shared/sources/form.ts';
import { firstInstantOf, instantOf } from '../../shared/sources/instant.ts';
import { dimensionsOf } from '../../shared/sources/java-map.ts';

describe('instants', () => {
  it.each([
    ['20190409T121826.922+0800', '2019-04-09T04:18:26.922Z'],
    ['2019-04-09T04:18:26Z', '2019-04-09T04:18:26.000Z'],
    ['2020-11-19T21:04:42.179PRC', '2020-11-19T13:04:42.179Z'],
    ['2020-11-19T21:04:42Asia/Shanghai', '2020-11-19T13:04:42.000Z'],
    ['2020-11-19T21:04:42+08:00[Asia/Shanghai]', '2020-11-19T13:04:42.000Z'],
    ['2023-1-25T5:06:07Z', '2023-01-25T05:06:07.000Z'],
    ['2021-02-22T07:18:15.578000999Z', '2021-02-22T07:18:15.578Z'],
    ['2019-11-11T11:00Z', '2019-11-11T11:00:00.000Z'],
    ['2020-12-03 21:23:38', '2020-12-03T13:23:38.000Z'],
    ['2020-12-03T10:00:00-0530', '2020-12-03T15:30:00.000Z'],
    [1773195072, '2026-03-11T02:11:12.000Z'],
    ['1773195072', '2026-03-11T02:11:12.000Z'],
    [1773195072123, '2026-03-11T02:11:12.123Z'],
    ['1773195072123', '2026-03-11T02:11:12.123Z'],
    [1773195072123456, '2026-03-11T02:11:12.123Z'],
    ['1773195072.5', '2026-03-11T02:11:12.500Z'],
  ])('%s is %s', (value, iso) => expect(new Date(instantOf(value) ?? 0).toISOString()).toBe(iso));

  it.each([
    '',
    '****',
    '2023-04-***:37:56Z',
    '2023-13-01T00:00:00Z',
    '2023-01-01T25:00:00Z',
    '2023-01-01T00:00:00Mars/Base',
    '0001-01-01T00:00:00Z',
    0,
    -5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    {},
    'x'.repeat(10_000),
    '12',
  ])('%s is none', (value) => expect(instantOf(value)).toBeUndefined());

  it('takes the first that is one', () => {
    expect(firstInstantOf(undefined, '', 'nonsense', '1773195072', 5)).toBe(1773195072000);
    expect(firstInstantOf()).toBeUndefined();
  });
});

describe('resource names', () => {
  it.each([
    ['acs:ecs:cn-hangzhou:135:instance/i-1', 'instance', 'i-1'],
    ['acs:mns:cn-beijing:135:/queues/q1/messages', 'queue', 'q1'],
    ['acs:oss:cn-hangzhou:135:bucket-a/in/x.csv', 'object', 'bucket-a/in/x.csv'],
    ['acs:oss:cn-hangzhou:135:bucket-a', 'bucket', 'bucket-a'],
    ['acs.ebs:cn-hangzhou:135:778899', '', '778899'],
  ])('%s is a %s', (text, type, id) => expect(readArn(text)).toMatchObject({ type, id }));

  it('that are bare ids stay what they are', () => {
    expect(resourceOf('i-1', 'web')).toEqual({ id: 'i-1', type: '', name: 'web', arn: '' });
    expect(readArn('acs:ecs')).toMatchObject({ service: '', id: '' });
  });
});

describe('forms', () => {
  it('survive broken percent signs and pieces without a name', () => {
    expect(readForm('a=100%&b=x%20y+z&c=1&&d')).toEqual({ a: '100%', b: 'x y z', c: '1&&d' });
  });

  it.each(['', 'no form', '=a', '{"a":1}', '-a=1'])('%j is none', (text) => expect(readForm(text)).toBeUndefined());

  it('cannot set a prototype', () => {
    const fields = readForm('__proto__=1&a=2');
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });
});

describe('dimensions', () => {
  it.each([
    ['{a=1, b=x=y}', { a: '1', b: 'x=y' }],
    ['{userId=12****), instanceId=i-12}', { userId: '12****', instanceId: 'i-12' }],
    ['[{"a":1},{"b":2}]', { a: 1, b: 2 }],
    ['{"a":1}', { a: 1 }],
    ['garbage', {}],
    [undefined, {}],
  ])('%j', (value, fields) => expect(dimensionsOf(value)).toEqual(fields));
});
