import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referencesOf } from '../../shared/domain/expression.ts';
import { fill } from '../../shared/domain/expression-fill.ts';
import { expression as e } from '../support/notify-book.ts';

const scope = new Map<string, unknown>([
  [
    'event',
    {
      name: 'x',
      _tenant_id: '1',
      n: 0,
      nothing: null,
      deep: { list: [{ ip: 'a' }, { ip: 'b' }, {}], 'odd key': 1 },
      quoted: 'say "hi"\nthere',
    },
  ],
  ['NotifyMessage_1', { message: 'm', status: true }],
]);

const filledWith = (value: unknown): unknown => fill(value, scope).value;

describe('an expression', () => {
  it.each([
    ['event.name', 'x'],
    ['event._tenant_id', '1'],
    ['event.n', 0],
    ['event.nothing', null],
    ['event.deep.list[1].ip', 'b'],
    ['event.deep.list[0]["ip"]', 'a'],
    ["event.deep['odd key']", 1],
    ['NotifyMessage_1.status', true],
    [' event.name ', 'x'],
  ])('%s alone is the value itself', (path, expected) => {
    expect(filledWith(e(path))).toEqual(expected);
  });

  it.each([
    'event.gone',
    'event.deep.list[9]',
    'event.name.length',
    'gone.message',
    'NotifyMessage_1.constructor',
    'event.__proto__',
    'event..name',
    'lower(event.name)',
    '',
  ])('%s is missing, and stays as it is written', (path) => {
    const filled = fill(`a ${e(path)} b`, scope);
    expect(filled).toMatchObject({ value: `a ${e(path)} b`, missing: [{ written: e(path) }] });
  });

  it('takes the same field of every item of a list, and says that it is a list', () => {
    expect(fill(e('event.deep.list.ip'), scope)).toMatchObject({ value: ['a', 'b'], isList: true });
    expect(fill(`IPs: ${e('event.deep.list.ip')}`, scope)).toMatchObject({ value: 'IPs: a, b', isList: false });
  });

  it('is replaced inside of texts, lists and objects at any depth', () => {
    expect(filledWith(`${e('event.name')}-${e('event.n')}`)).toBe('x-0');
    expect(filledWith({ a: [{ b: e('event.name') }], c: 1 })).toEqual({ a: [{ b: 'x' }], c: 1 });
  });

  it('cannot break the JSON text that it stands in', () => {
    expect(filledWith(`{"a":"${e('event.quoted')}"}`)).toEqual({ a: 'say "hi"\nthere' });
    expect(filledWith(`{"a":${e('event.quoted')},"n":${e('event.n')}}`)).toBe('{"a":"say \\"hi\\"\\nthere","n":0}');
  });

  it('is not looked for in what replaces it', () => {
    const sly = new Map<string, unknown>([['event', { a: e('event.b'), b: 'secret' }]]);
    expect(fill(`${e('event.a')}!`, sly).value).toBe(`${e('event.b')}!`);
  });

  it('leaves everything else alone, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(referencesOf(value).length === 0 && !JSON.stringify(value).includes('['));
        expect(fill(value, scope).missing).toEqual([]);
      }),
    );
    for (const text of ['$100', '{not}', '$ {x}', '#{x}', '${']) expect(filledWith(text)).toBe(text);
  });
});
