import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { titleFor } from '../../shared/domain/catalogue.ts';
import { MAX_CONTENT_BYTES } from '../../shared/sources/content.ts';
import { MAX_EVENTS, type ParsedItem, readEnvelope } from '../../shared/sources/index.ts';

const read = (text: string): ParsedItem[] => readEnvelope({ text, contentType: 'application/json' });
const kinds = (text: string): string[] =>
  read(text).map((item) => (item.kind === 'event' ? item.draft.source : item.code));
const first = (value: unknown) => {
  const [item] = read(JSON.stringify(value));
  if (item?.kind !== 'event') throw new Error('no event');
  return item.draft;
};

const EVENT = {
  id: 'X-1',
  product: 'ECS',
  name: 'Instance:StateChange',
  level: 'INFO',
  resourceId: 'acs:ecs:cn-hangzhou:1:instance/i-1',
  eventTime: '20260311T101112.250+0800',
  content: { state: 'Stopped' },
};

describe('bodies that are no event', () => {
  it.each([
    ['', 'empty'],
    [' \n\t', 'empty'],
    ['[]', 'empty'],
    ['{}', 'empty'],
    ['{"a":', 'bad-json'],
    ['[1,2', 'bad-json'],
    ['null', 'not-recognized'],
    ['42', 'not-recognized'],
    ['"just text"', 'not-an-object'],
    ['hello world', 'not-recognized'],
    ['<xml>a=b</xml>', 'not-recognized'],
    ['\u0000\u0001\ufffd', 'not-recognized'],
    ['=&=', 'not-recognized'],
  ])('%j is refused as %s', (text, code) => {
    expect(read(text)).toEqual([{ kind: 'rejected', index: 0, code, message: expect.stringMatching(/\w/) }]);
  });
});

describe('lists', () => {
  it('keep the good items and name the bad ones by their position', () => {
    const text = JSON.stringify([EVENT, 7, JSON.stringify(EVENT), null, {}, [EVENT], { any: 'thing' }, 'plain text']);
    const items = read(text);
    expect(items.map((item) => (item.kind === 'rejected' ? [item.index, item.code] : item.draft.source))).toEqual([
      'cloudmonitor-event',
      [1, 'not-an-object'],
      'cloudmonitor-event',
      [3, 'not-an-object'],
      [4, 'empty'],
      [5, 'not-an-object'],
      'unknown',
      [7, 'not-an-object'],
    ]);
  });

  it('of a thousand events are read', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({ ...EVENT, id: `X-${n}` }));
    const items = read(JSON.stringify(many));
    expect(new Set(items.map((item) => (item.kind === 'event' ? item.draft.id : '')))).toHaveProperty('size', 1_000);
  });

  it('longer than any real one are cut and say so', () => {
    const items = read(JSON.stringify(Array.from({ length: MAX_EVENTS + 10 }, (_, n) => ({ n }))));
    expect(items).toHaveLength(MAX_EVENTS + 1);
    expect(items.at(-1)).toMatchObject({ kind: 'rejected', index: MAX_EVENTS, code: 'too-many' });
  });
});

describe('hostile bodies', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

  it('are refused when they nest too deep, alone and in a list', () => {
    expect(kinds(nested(65))).toEqual(['too-deep']);
    expect(kinds(nested(100_000))).toEqual(['too-deep']);
    expect(kinds(`[${JSON.stringify(EVENT)},${nested(5_000)}]`)).toEqual(['cloudmonitor-event', 'too-deep']);
    expect(kinds(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)[0]).toMatch(/not-an-object|too-deep/);
    expect(kinds(nested(60))).toEqual(['unknown']);
  });

  it('cannot hide depth in JSON text', () => {
    expect(kinds(JSON.stringify({ ...EVENT, content: nested(10_000) }))).toEqual(['cloudmonitor-history']);
  });

  it('cannot carry carriers without end', () => {
    let body: unknown = EVENT;
    for (let n = 0; n < 12; n += 1) body = { TopicName: 't', MessageId: `${n}`, Message: JSON.stringify(body) };
    expect(kinds(JSON.stringify(body))).toHaveLength(1);
  });

  it('cannot touch prototypes', () => {
    const [item] = read('{"__proto__":{"polluted":1},"constructor":{"x":1},"name":"n","toString":5}');
    if (item?.kind !== 'event') throw new Error('no event');
    expect(Object.hasOwn(item.draft.content, '__proto__')).toBe(false);
    expect(Object.getPrototypeOf(item.draft.content)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('keep control characters and half characters out of names and titles', () => {
    const draft = first({ ...EVENT, name: 'a\u0000b\ud800c\nd', instanceName: 'x\u0007', status: '\udc00' });
    const { en, zh } = titleFor(draft);
    expect(`${draft.name}${en}${zh}${draft.resource.name}${draft.status}`).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  });

  it('of a megabyte become small events with the whole body beside', () => {
    const text = JSON.stringify({
      ...EVENT,
      content: { state: 'Stopped', log: '汉'.repeat(300_000), more: 'x'.repeat(50_000) },
    });
    const [item] = read(text);
    if (item?.kind !== 'event') throw new Error('no event');
    expect(Buffer.byteLength(JSON.stringify(item.draft.content))).toBeLessThanOrEqual(MAX_CONTENT_BYTES + 1_200);
    expect(item.draft.content.log).toMatch(/^汉+… \(\d+ more characters\)$/);
    expect(item.raw).toBe(text);
  });

  it('with too many fields name what was left out', () => {
    const content = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field${n}`, 'v'.repeat(100)]));
    const draft = first({ ...EVENT, content });
    expect(String(draft.content.omittedFields)).toMatch(/^field\d+, .* and \d+ more$/);
    expect(draft.content.field0).toBe('v'.repeat(100));
  });

  it('with every field of the wrong type are still events', () => {
    for (const wrong of [null, 5, true, [], {}, [[]], 'x']) {
      const body = Object.fromEntries(Object.keys(EVENT).map((key) => [key, wrong]));
      expect(kinds(JSON.stringify({ ...body, product: 'ECS', name: 'N' }))).toHaveLength(1);
    }
  });

  it('never throw, whatever they are', () => {
    const word = fc.constantFrom(
      'product',
      'name',
      'content',
      'alert',
      'alerts',
      'labels',
      'events',
      'data',
      'type',
      'source',
      'specversion',
      'Message',
      'TopicName',
      'messageBody',
      'alertState',
      'ruleId',
      'metricData',
      'SystemEvents',
      'SystemEvent',
      'AccesskeyId',
      'RequestId',
      'subscription',
      'eventName',
      'userIdentity',
      'oss',
      'meta',
      'severity',
      'workspace',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.double(),
        fc.constant(null),
        tie('list'),
        tie('record'),
      ),
      list: fc.array(tie('tree'), { maxLength: 4 }),
      record: fc.dictionary(fc.oneof(word, fc.string()), tie('tree'), { maxKeys: 8 }),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          tree.map((value) => JSON.stringify(value) ?? ''),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect(read(text).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
