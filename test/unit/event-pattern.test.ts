import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import { eventPatternOf, fitsPattern, patternIssues } from '../../shared/domain/event-pattern.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { plainPatternFits } from '../support/linear-pattern.ts';
import { explained, file } from '../support/roster-samples.ts';
import { eventWith } from '../support/settings-samples.ts';
import { textOfTracked } from '../support/tracked-files.ts';

type Pattern = Record<string, unknown>;

/** What the pattern says; the plain matcher of the tests must say the same. */
const fits = (pattern: Pattern, parts: Partial<Event> = {}): boolean => {
  const event = eventWith(parts);
  const found = fitsPattern(eventPatternOf(pattern), event);
  expect(plainPatternFits(pattern, event)).toBe(found);
  return found;
};

/** Whether expressions on one field accept a value of the content; `undefined` is a field that is missing. */
const accepts = (expressions: unknown[], value: unknown): boolean =>
  fits({ content: { field: expressions } }, { content: value === undefined ? {} : { field: value } });

const MISSING = undefined;

describe('an expression', () => {
  it.each<[string, unknown[], unknown[], unknown[]]>([
    ['an exact text, case and spaces count', ['Stopped'], ['Stopped'], ['stopped', 'Stopped ', '', null, MISSING]],
    ['equality by the text form, so a number is its text', [80], [80, '80'], [80.5, '80.0', true, null]],
    ['a text that is a number', ['80'], [80, '80'], ['080', 8]],
    ['a truth value', [true], [true, 'true'], [false, 1]],
    ['null, which is only null', [null], [null], ['null', '', 0, MISSING]],
    ['the empty text', [''], [''], [' ', null, MISSING]],
    ['one of several', ['a', 'b', null], ['a', 'b', null], ['c', MISSING]],
    ['prefix', [{ prefix: 'i-bp' }], ['i-bp', 'i-bp1'], ['xi-bp', 'I-BP1', 7, null, MISSING]],
    ['suffix', [{ suffix: '.com' }], ['a.com'], ['a.com.', 7, null, MISSING]],
    ['contains', [{ contains: 'root' }], ['root', 'as root!'], ['ROOT', null, MISSING]],
    ['anything but a value; the field must be there', [{ 'anything-but': 'a' }], ['b', 1, null, ''], ['a', MISSING]],
    ['anything but a list', [{ 'anything-but': ['a', 1, null] }], ['b', 2], ['a', 1, '1', null, MISSING]],
    ['anything but a prefix', [{ 'anything-but': { prefix: 'a' } }], ['b', 1, null], ['a', 'ab', MISSING]],
    ['anything but a suffix', [{ 'anything-but': { suffix: 'a' } }], ['b', 'ab'], ['a', 'ba', MISSING]],
    ['a number of one bound', [{ numeric: ['>', 10] }], [11, 10.1], [10, 9, '11', null, MISSING]],
    ['a number of two bounds', [{ numeric: ['>=', 10, '<', 20] }], [10, 19.9], [9.9, 20]],
    ['numbers that differ by less than 1e-7 as equal', [{ numeric: ['=', 1] }], [1, 1.00000001], [1.000001]],
    ['a number that is not', [{ numeric: ['!=', 1] }], [2], [1, 1.00000001, '2']],
    ['a block of addresses', [{ cidr: '10.0.0.0/24' }], ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', 'x', 7, '::1']],
    ['one address', [{ cidr: '10.0.0.7' }], ['10.0.0.7'], ['10.0.0.8', '10.0.0.7 ', '10.0.0']],
    ['the whole of IPv4', [{ cidr: '0.0.0.0/0' }], ['255.255.255.255'], ['256.0.0.1', '1.2.3.4.5']],
    ['a field that is there, null too', [{ exists: true }], ['', null, 0], [MISSING]],
    ['a field that is missing', [{ exists: false }], [MISSING], ['', null, 0]],
    ['two operators of one object together', [{ prefix: 'a', suffix: 'z' }], ['az', 'abz'], ['a', 'z', 'zaz ']],
  ])('is %s', (...[, expressions, accepted, refused]) => {
    expect(patternIssues({ content: { field: expressions } })).toEqual([]);
    for (const value of accepted) expect([value, accepts(expressions, value)]).toEqual([value, true]);
    for (const value of refused) expect([value, accepts(expressions, value)]).toEqual([value, false]);
  });

  it('accepts a list when one item fits, and nothing that is or holds an object', () => {
    expect(accepts(['a'], ['b', 'a'])).toBe(true);
    expect(accepts([{ 'anything-but': 'a' }], ['a', 'b'])).toBe(true);
    expect(accepts([{ 'anything-but': 'a' }], ['a'])).toBe(false);
    expect(accepts([{ exists: true }], ['a'])).toBe(true);
    for (const value of [[], [{ a: 1 }, 'a'], [['a']], { a: 1 }])
      for (const expressions of [['a'], [{ exists: true }], [{ exists: false }], [{ 'anything-but': 'x' }]])
        expect(accepts(expressions, value)).toBe(false);
  });
});

describe('a pattern', () => {
  it('asks for every field that it names, and an empty one for nothing', () => {
    expect(fits({})).toBe(true);
    const both = { product: ['ecs'], content: { disk: { state: ['Stalled'] } } };
    const content = { disk: { state: 'Stalled' } };
    expect(fits(both, { product: 'ecs', content })).toBe(true);
    expect(fits(both, { product: 'rds', content })).toBe(false);
    expect(fits(both, { product: 'ecs', content: { disk: 'Stalled' } })).toBe(false);
    expect(fits(both, { product: 'ecs', content: { 'disk.state': 'Stalled' } })).toBe(false);
  });

  it('finds keys with dots and keys of every object only where the event has them itself', () => {
    expect(fits({ content: { 'a.b': ['x'] } }, { content: { 'a.b': 'x' } })).toBe(true);
    expect(fits({ content: { constructor: [{ exists: true }] } }, { content: {} })).toBe(false);
    expect(fits({ content: { toString: [{ exists: false }] } }, { content: {} })).toBe(true);
  });

  it('takes products and levels in any word of the vendor, as the other filters do', () => {
    expect(fits({ product: ['acs.ecs'] }, { product: 'ecs' })).toBe(true);
    expect(fits({ product: ['Security Center'] })).toBe(true);
    expect(fits({ product: [{ 'anything-but': 'ECS' }] }, { product: 'ecs' })).toBe(false);
    expect(fits({ level: ['CRITICAL'] }, { level: 'critical' })).toBe(true);
    expect(fits({ level: ['WARN'] }, { level: 'high' })).toBe(false);
  });

  it.each<[string, Pattern, Partial<Event>]>([
    ['source', { source: ['acs.ecs'] }, { product: 'ecs' }],
    ['type', { type: ['ecs:Instance:StateChange'] }, { product: 'ecs', name: 'Instance:StateChange' }],
    ['a prefix of the type', { type: [{ prefix: 'ecs:Instance:' }] }, { product: 'ecs', name: 'Instance:StateChange' }],
    ['data', { data: { state: ['Stopped'] } }, { content: { state: 'Stopped' } }],
    ['subject', { subject: [{ prefix: 'acs:ecs:' }] }, {}],
    [
      'the account and the region',
      { aliyunaccountid: ['9'], aliyunregionid: ['cn-beijing'] },
      { account: '9', region: 'cn-beijing' },
    ],
  ])('reads %s as EventBridge names it', (_, pattern, parts) => {
    expect(patternIssues(pattern)).toEqual([]);
    expect(fits(pattern, parts)).toBe(true);
    const resource = { id: 'x', type: '', name: '', arn: '' };
    expect(fits(pattern, { product: 'oss', name: 'x', region: '', account: '', resource })).toBe(false);
  });

  it('knows the audit and threshold types of EventBridge, and the words of products that are called otherwise there', () => {
    const fitsAlone = (pattern: Pattern, parts: Partial<Event>) =>
      fitsPattern(eventPatternOf(pattern), eventWith(parts));
    expect(fitsAlone({ type: ['sas:ActionTrail:ApiCall'] }, { type: 'ApiCall', name: 'DescribeX' })).toBe(true);
    const egress = { product: 'oss', type: 'CloudMonitor', name: 'BucketEgressBandwidth' };
    expect(fitsAlone({ type: ['oss:CloudMonitor:BucketEgressBandwidth'] }, egress)).toBe(true);
    expect(
      fitsAlone({ source: ['acs.kvstore'], type: ['kvstore:Instance:X'] }, { product: 'redis', name: 'Instance:X' }),
    ).toBe(true);
  });

  it('keeps source and type of the normalised event where no word has the form of the vendor', () => {
    expect(fits({ source: ['cloudmonitor-event'], type: ['Suspicious'] })).toBe(true);
    expect(fits({ source: ['eventbridge'] })).toBe(false);
  });
});

describe('a pattern that does not hold', () => {
  const issues = (pattern: Pattern): string[] =>
    patternIssues(pattern).map(({ path, message }) => `${path.join('.')}: ${message}`);

  it.each<[Pattern, string]>([
    [{ prodcut: ['ecs'] }, 'prodcut: unknown field "prodcut"; did you mean "product"?'],
    [{ specversion: ['1.0'] }, 'specversion: is not kept with events here; take it out'],
    [{ resource: { idd: ['x'] } }, 'resource.idd: unknown field "idd"; did you mean "id"?'],
    [{ resource: ['i-1'] }, 'resource: must be an object of fields'],
    [{ data: {} }, 'data: must not be empty; a field that is left out accepts everything'],
    [{ product: 'ecs' }, 'product: must be a list, such as ["word"] or [{"prefix": "word"}]'],
    [{ product: [] }, 'product: must not be empty; a field that is left out accepts everything'],
    [{ product: [['ecs']] }, 'product.0: must be a value or an operator, not a list'],
    [{ level: ['sever'] }, 'level.0: is not a known level word'],
    [{ name: [{ prefx: 'a' }] }, 'name.0.prefx: unknown operator "prefx"; did you mean "prefix"?'],
    [{ name: [{}] }, 'name.0: must hold an operator such as prefix'],
    [{ name: [{ prefix: '' }] }, 'name.0.prefix: must not be empty'],
    [{ name: [{ contains: 7 }] }, 'name.0.contains: must be a text'],
    [{ name: [{ exists: 'no' }] }, 'name.0.exists: must be true or false'],
    [
      { content: { ip: [{ cidr: 'fe80::/10' }] } },
      'content.ip.0.cidr: must be an IPv4 block such as "10.0.0.0/24", or one address',
    ],
    [
      { content: { ip: [{ cidr: '10.0.0.0/33' }] } },
      'content.ip.0.cidr: must be an IPv4 block such as "10.0.0.0/24", or one address',
    ],
    [
      { name: [{ 'anything-but': [] }] },
      'name.0.anything-but: must be a value, a list of values, or an object with prefix or suffix',
    ],
    [
      { name: [{ 'anything-but': [['a']] }] },
      'name.0.anything-but: must be a value, a list of values, or an object with prefix or suffix',
    ],
    [
      { name: [{ 'anything-but': { numeric: ['>', 1] } }] },
      'name.0.anything-but: must be a value, a list of values, or an object with prefix or suffix',
    ],
  ])('%j is refused with the path', (pattern, issue) => {
    expect(issues(pattern)).toEqual([issue]);
  });

  it('is refused for bounds, comparisons and lengths that EventBridge refuses', () => {
    for (const numeric of [
      ['>', 2e9],
      ['~', 1],
      ['>', '1'],
      ['>'],
      ['>', 1, '<'],
      ['>', 1, '<', 2, '=', 3],
      7,
      ['>', Number.NaN],
    ])
      expect(issues({ content: { cpu: [{ numeric }] } })[0]).toMatch(/^content\.cpu\.0\.numeric: must be such as/);
    const six = Array.from({ length: 6 }, (_, at) => ({ prefix: `p${at}` }));
    expect(issues({ name: six })).toEqual(['name: has more than 5 operators; use a second subscription for the rest']);
    expect(issues({ name: [...six.slice(1), ...Array.from({ length: 40 }, (_, at) => `n${at}`)] })).toEqual([]);
  });

  it('is refused when it is nested deeper than an event can be', () => {
    const deep = (levels: number): unknown => (levels === 0 ? ['x'] : { a: deep(levels - 1) });
    expect(issues({ content: deep(7) as Pattern })).toEqual([]);
    expect(issues({ content: deep(8) as Pattern })[0]).toContain('is nested deeper than 8 levels');
  });

  it('is an issue of the settings file at its own path, and several are told together', () => {
    const checked = checkSettings(
      file(
        [],
        {},
        { subscriptions: [{ name: 's', policy: 'page', pattern: { name: [{ prefx: 'a' }], content: { x: 'y' } } }] },
      ),
      {},
    );
    expect(checked).toMatchObject({
      kind: 'invalid',
      issues: [
        { path: 'subscriptions[0].pattern.name[0].prefx', message: 'unknown operator "prefx"; did you mean "prefix"?' },
        { path: 'subscriptions[0].pattern.content.x' },
      ],
    });
  });

  it('narrows nothing when an earlier version stored it unchecked', () => {
    expect(fitsPattern(eventPatternOf({ name: [{ prefx: 'a' }] }), eventWith())).toBe(true);
  });
});

describe('the explanation', () => {
  const said = (rule: object, parts: Partial<Event> = {}) =>
    explained(
      file([{ name: 'kai', inbox: 'kai' }], {}, { subscriptions: [{ name: 's', policy: 'page', ...rule }] }),
      parts,
    );

  it('names the field of the pattern that stopped the event, what it asks for and what the event has', () => {
    expect(
      said({ pattern: { product: ['sas'], content: { cpu: [{ numeric: ['>', 90] }] } } }, { content: { cpu: 85 } }),
    ).toMatchObject({
      name: 'pattern-not-wanted',
      detail: `the pattern's content.cpu asks for [{"numeric":[">",90]}]; the event has 85 there`,
    });
    expect(said({ pattern: { content: { cpu: [85] } } }, { content: {} })?.detail).toMatch(
      /; the event has nothing there$/,
    );
  });

  it('shows neither addresses nor secrets, and little of long values', () => {
    const detail = said(
      { pattern: { content: { ip: [{ cidr: '10.0.0.0/8' }] } } },
      { content: { ip: '198.51.100.7' } },
    )?.detail;
    expect(detail).toContain('the event has "[address]" there');
    const token = said({ pattern: { content: { token: ['x'] } } }, { content: { token: 'abc123' } })?.detail;
    expect(token).not.toContain('abc123');
    expect(
      said({ pattern: { content: { a: ['x'] } } }, { content: { a: 'long '.repeat(500) } })?.detail?.length,
    ).toBeLessThan(400);
  });

  it('names the application groups that the rule and the event have', () => {
    expect(said({ applicationGroups: ['shop'] }, { content: { groupId: '176' } })).toMatchObject({
      name: 'group-not-wanted',
      detail: 'the rule says shop; the event has 176',
    });
    expect(said({ applicationGroups: ['shop'] })?.detail).toBe(
      'the rule says shop; the event has no application group',
    );
  });
});

describe('an application group', () => {
  const groups = (applicationGroups: string[], content: Record<string, unknown>) =>
    explained(
      file([{ name: 'kai', inbox: 'kai' }], {}, { subscriptions: [{ name: 's', policy: 'page', applicationGroups }] }),
      { content },
    )?.name;

  it.each<[string, Record<string, unknown>]>([
    ['its id', { groupId: '176' }],
    ['its id as a number', { groupId: 176 }],
    ['a list of ids, as in the history', { groupId: '175, 176' }],
    ['its name, in any case, as in a callback', { groupId: '9', groupName: 'SHOP' }],
    ['its name, as on a metric alarm', { productGroupName: 'shop' }],
  ])('is known by %s', (_, content) => {
    expect(groups(['176', 'Shop'], content)).toBe('matched');
  });

  it('is wanted by every rule that names none or *, and by no rule when the event names none', () => {
    expect(groups([], {})).toBe('matched');
    expect(groups(['*'], {})).toBe('matched');
    expect(groups(['176'], {})).toBe('group-not-wanted');
    expect(groups(['176'], { groupId: '1766' })).toBe('group-not-wanted');
  });
});

describe('an old event rule', () => {
  const STATUSES = ['Scheduled', 'Executing', 'Executed', 'Avoided', 'Canceled', 'Failed', 'Inquiring'];
  const rule = {
    name: 'old',
    policy: 'page',
    products: ['ECS'],
    eventTypes: ['*'],
    levels: ['*'],
    eventNames: ['Instance:SystemMaintenance.Reboot'],
    pattern: { status: STATUSES },
    content: { keywords: ['test-instance'], relation: 'not' as const },
  };
  const settings = file([{ name: 'kai', inbox: 'kai' }], {}, { subscriptions: [rule] });
  const reboot: Partial<Event> = {
    product: 'ecs',
    type: 'Maintenance',
    name: 'Instance:SystemMaintenance.Reboot',
    status: 'Executing',
    level: 'critical',
    content: { instanceId: 'i-1' },
  };

  it('is held by the filters, with * for all and a list of statuses, however long', () => {
    expect(checkSettings(settings, {}).kind).toBe('ok');
    expect(explained(settings, reboot)?.name).toBe('matched');
    expect(explained(settings, { ...reboot, level: 'info', type: 'Exception' })?.name).toBe('matched');
    expect(explained(settings, { ...reboot, status: '' })?.name).toBe('pattern-not-wanted');
    expect(explained(settings, { ...reboot, name: 'Instance:StateChange' })?.name).toBe('name-not-wanted');
    expect(explained(settings, { ...reboot, content: { name: 'Test-Instance-1' } })?.name).toBe('content-not-wanted');
  });

  it('has * among the levels of subscriptions only', () => {
    const policy = { channelsByLevel: { '*': ['email' as const] } };
    expect(checkSettings(file([], policy), {}).kind).toBe('invalid');
  });
});

it('is shown in the documents as it is accepted', () => {
  const [, shown = ''] = /^```json\n([\s\S]*?)^```$/m.exec(textOfTracked('docs/settings.md')) ?? [];
  expect(patternIssues(JSON.parse(shown) as Pattern)).toEqual([]);
});
