import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../shared/sources/index.ts';

const BASE = {
  ver: '1.0',
  id: 'ABCD-1',
  product: 'ECS',
  resourceId: 'acs:ecs:cn-hangzhou:135:instance/i-1',
  level: 'CRITICAL',
  name: 'Instance:SystemMaintenance.Reboot:Scheduled',
  userId: '135',
  eventTime: '20260311T101112.250+0800',
  regionId: 'cn-hangzhou',
  content: { eventId: 'e-1', eventStatus: 'Scheduled', notBefore: '2026-03-14T00:00:00Z', reason: 'r' } as object,
};

const idOf = (value: unknown): string => {
  const [item] = readEnvelope({ text: JSON.stringify(value), contentType: '' });
  return item?.kind === 'event' ? item.draft.id : 'rejected';
};

/** The same value with the keys of every object in another order. */
const shuffled = (value: unknown, seed: number): unknown => {
  if (Array.isArray(value)) return value.map((part) => shuffled(part, seed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, shuffled(part, seed)] as const);
  const turn = seed % Math.max(1, entries.length);
  const turned = [...entries.slice(turn), ...entries.slice(0, turn)];
  return Object.fromEntries(seed % 2 === 0 ? turned : turned.reverse());
};

const CHANGES: readonly [string, (word: string) => object][] = [
  ['product', (word) => ({ product: word })],
  ['resource', (word) => ({ resourceId: `acs:ecs:cn-hangzhou:135:instance/${word}` })],
  ['account', (word) => ({ userId: word })],
  ['vendor id', (word) => ({ id: word })],
  ['name', (word) => ({ name: `Instance:${word}` })],
  ['status', (word) => ({ content: { ...BASE.content, eventStatus: word } })],
  ['finish time', (word) => ({ content: { ...BASE.content, executeFinishTime: word } })],
  ['planned time', (word) => ({ content: { ...BASE.content, notBefore: word } })],
  ['state', (word) => ({ content: { ...BASE.content, state: word } })],
];

describe('the id of an event', () => {
  it('does not depend on the order of keys', () => {
    const anything = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }), {
      minKeys: 1,
      maxKeys: 5,
    });
    fc.assert(
      fc.property(anything, fc.nat(20), (extra, seed) => {
        const masked = { ...BASE, id: 'AB****', content: { ...BASE.content, ...extra } };
        expect(idOf(shuffled(masked, seed))).toBe(idOf(masked));
        expect(idOf(shuffled({ blob: extra }, seed))).toBe(idOf({ blob: extra }));
      }),
    );
  });

  it.each(CHANGES)('changes with the %s', (_what, change) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{9,14}$/), (word) => {
        expect(idOf({ ...BASE, ...change(word) })).not.toBe(idOf(BASE));
      }),
      { numRuns: 30 },
    );
  });

  it('changes with the time', () => {
    expect(idOf({ ...BASE, eventTime: '20260311T101112.251+0800' })).not.toBe(idOf(BASE));
  });

  it('does not change with what is no part of the incident', () => {
    expect(idOf({ ...BASE, instanceName: 'renamed', ver: '1.1', level: 'WARN' })).toBe(idOf(BASE));
    expect(idOf({ ...BASE, content: JSON.stringify(BASE.content) })).toBe(idOf(BASE));
    expect(idOf({ ...BASE, userId: 135 })).toBe(idOf(BASE));
  });

  it('differs for different events under one masked vendor id', () => {
    const masked = { ...BASE, id: '2256A988-****', name: 'Disk:DiskOperationCompleted' };
    const attach = { ...masked, content: { diskId: 'd-1', device: '/dev/xvdb' } };
    const detach = { ...masked, content: { diskId: 'd-1', device: '/dev/xvdc' } };
    expect(idOf(attach)).not.toBe(idOf(detach));
    expect(idOf({ ...attach })).toBe(idOf(attach));
  });

  it('sorts by the time of the event', () => {
    const later = idOf({ ...BASE, eventTime: '20270311T101112.250+0800' });
    expect(later > idOf(BASE)).toBe(true);
  });

  it('of an unknown object is a hash of its content', () => {
    expect(idOf({ a: 1, b: [1, 2] })).toBe(idOf({ b: [1, 2], a: 1 }));
    expect(idOf({ a: 1, b: [1, 2] })).not.toBe(idOf({ a: 1, b: [2, 1] }));
    expect(idOf({ a: { b: 1 } })).not.toBe(idOf({ a: [['b', 1]] }));
  });
});
