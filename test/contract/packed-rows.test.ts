import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { PackedRows, type Packing } from '../../shared/adapters/aliyun/packed-rows.ts';
import { createMemoryPlatform, type MemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import { deliveryIdOf, deliveryPackOf, isDeliveryPack } from '../../shared/domain/delivery.ts';
import { batchIdOf } from '../../shared/domain/ids.ts';
import {
  type Row,
  type RowKey,
  StoreUnavailableError,
  type TableStore,
  type WriteCondition,
  type WriteOp,
} from '../../shared/ports/table-store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { describeTableStore } from './table-store.suite.ts';

/** Every partition is a pack, with all its rows. */
const BY_PARTITION: Packing = { table: 'lanes', packOf: (pk) => pk, isPack: () => true };
/** Keys of three characters live in the pack that their first two name; the others by themselves. */
const BY_PREFIX: Packing = {
  table: 'deliveries',
  packOf: (pk) => (pk.length === 3 ? pk.slice(0, 2) : undefined),
  isPack: (pk) => pk.length === 2,
};
const DELIVERIES: Packing = { table: 'deliveries', packOf: deliveryPackOf, isPack: isDeliveryPack };

let clock: FakeClock;
let below: MemoryPlatform;
let waits: number[];
beforeEach(() => {
  clock = new FakeClock();
  below = createMemoryPlatform(clock);
  waits = [];
});

const packed = (packing: Packing, store: TableStore = below.store): PackedRows =>
  new PackedRows(store, packing, { clock, sleep: async (ms) => void waits.push(ms), random: () => 0.5 });

describeTableStore('rows in packs', async () => {
  const memory = createMemoryPlatform(new FakeClock());
  return { store: packed(BY_PARTITION, memory.store), close: async () => undefined };
});

const at = (pk: string): RowKey => ({ table: 'deliveries', pk, sk: '' });
const put = (pk: string, body: string, when: WriteCondition = 'any'): WriteOp => ({
  ...at(pk),
  kind: 'put',
  body,
  when,
});
const rowsBelow = (): Promise<Row[]> => below.store.scan({ table: 'deliveries', limit: 1_000 });

const batch = batchIdOf(1_750_000_000_000, 'b');
const ids = (count: number, target = 'webhook:a') =>
  Array.from({ length: count }, (_, n) => deliveryIdOf(batch, `evt_${n}`, target));

describe('rows in packs', () => {
  it('cost one row and no read for a hundred that are claimed and ended by the same instance', async () => {
    const store = packed(DELIVERIES);
    const all = ids(100);
    await store.write(all.map((id) => put(id, 'claimed', 'absent')));
    const results = await store.write(all.map((id) => put(id, 'ended', { version: 1 })));
    expect(results.every(({ applied, version }) => applied && version === 2)).toBe(true);
    expect(await rowsBelow()).toMatchObject([{ pk: deliveryPackOf(all[0]!), version: 2 }]);
    expect(below.calls).toMatchObject({ writes: 2, reads: 1 });
    expect((await store.getMany(all.map(at))).map((row) => row?.body)).toEqual(all.map(() => 'ended'));
  });

  it('leave rows of other tables and ids of other kinds by themselves', async () => {
    const store = packed(DELIVERIES);
    const other: WriteOp = { table: 'lanes', pk: ids(1)[0]!, sk: '', kind: 'put', body: 'x', when: 'any' };
    await store.write([put('dlv_0000000001234567890123456', 'single'), other]);
    expect(await rowsBelow()).toMatchObject([{ pk: 'dlv_0000000001234567890123456', body: 'single' }]);
    expect(await store.get(other)).toMatchObject({ body: 'x' });
  });

  it('keep one pack for each target', async () => {
    const store = packed(DELIVERIES);
    await store.write([...ids(3, 'webhook:a'), ...ids(3, 'webhook:b')].map((id) => put(id, 'x', 'absent')));
    expect(await rowsBelow()).toHaveLength(2);
  });

  it('are written by two instances at once, and neither loses what the other wrote', async () => {
    const stores = [packed(BY_PREFIX), packed(BY_PREFIX)];
    const names = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    await Promise.all(names.map((name) => stores[Number(name) % 2]!.write([put(`aa${name}`, name, 'absent')])));
    const rows = await stores[0]!.scan({ table: 'deliveries', limit: 100 });
    expect(rows.map(({ body }) => body)).toEqual(names);
    expect(await rowsBelow()).toHaveLength(1);
  });

  it('claim a row for one of two instances only', async () => {
    const stores = [packed(BY_PREFIX), packed(BY_PREFIX), packed(BY_PREFIX)];
    const results = await Promise.all(
      stores.map((store, n) => store.write([put('aa1', `${n}`, 'absent'), put(`aa${n + 2}`, 'own', 'absent')])),
    );
    expect(results.filter(([shared]) => shared?.applied)).toHaveLength(1);
    expect(results.every(([, own]) => own?.applied)).toBe(true);
    const winner = results.findIndex(([shared]) => shared?.applied);
    expect(await stores[0]!.get(at('aa1'))).toMatchObject({ body: `${winner}` });
  });

  it('refuse nothing by what was known before: they look again', async () => {
    const [one, other] = [packed(BY_PREFIX), packed(BY_PREFIX)];
    await one.write([put('aa1', 'x', 'absent')]);
    await other.write([put('aa1', 'y', { version: 1 })]);
    expect(await one.write([put('aa1', 'z', { version: 2 })])).toEqual([{ applied: true, version: 3 }]);
    expect(await other.write([{ ...at('aa1'), kind: 'delete', when: { version: 3 } }])).toMatchObject([
      { applied: true },
    ]);
    expect(await one.write([put('aa1', 'new', 'absent')])).toEqual([{ applied: true, version: 1 }]);
  });

  it('leave nothing behind when the last of them is deleted', async () => {
    const store = packed(BY_PREFIX);
    await store.write([put('aa1', 'x'), put('aa2', 'x')]);
    await store.write([{ ...at('aa1'), kind: 'delete', when: 'any' }]);
    expect(await rowsBelow()).toHaveLength(1);
    await store.write([{ ...at('aa2'), kind: 'delete', when: 'any' }]);
    expect(await rowsBelow()).toEqual([]);
  });

  it('do not believe for longer than a minute what they knew of a pack', async () => {
    const store = packed(BY_PREFIX);
    await store.write([put('aa1', 'old', 'absent')]);
    const others = packed(BY_PREFIX);
    await others.write([{ ...at('aa1'), kind: 'delete', when: 'any' }]);
    await others.write([put('aa2', 'new', 'absent')]);
    clock.advance(60_000);
    await store.write([put('aa3', 'own', 'absent')]);
    expect((await store.scan({ table: 'deliveries', limit: 10 })).map(({ pk }) => pk)).toEqual(['aa2', 'aa3']);
  });

  it('wait longer and longer while others are quicker, and give up as an outage', async () => {
    await packed(BY_PREFIX).write([put('aa1', 'x')]);
    let n = 0;
    const busy: TableStore = {
      get: (key) => below.store.get(key),
      getMany: (keys) => below.store.getMany(keys),
      range: (query) => below.store.range(query),
      scan: (query) => below.store.scan(query),
      write: async (ops) => {
        n += 1;
        await packed(BY_PREFIX).write([put('aa2', `${n}`)]);
        return below.store.write(ops);
      },
    };
    await expect(packed(BY_PREFIX, busy).write([put('aa1', 'y')])).rejects.toThrow(StoreUnavailableError);
    expect(waits.length).toBeGreaterThan(5);
    expect(waits.at(-1)).toBeGreaterThan(waits[0]!);
    expect(await packed(BY_PREFIX).get(at('aa1'))).toMatchObject({ body: 'x' });
  });

  it('are read anew after the store failed, and written once', async () => {
    let fails = true;
    const failing: TableStore = {
      get: (key) => below.store.get(key),
      getMany: (keys) => below.store.getMany(keys),
      range: (query) => below.store.range(query),
      scan: (query) => below.store.scan(query),
      write: async (ops) => {
        const results = await below.store.write(ops);
        if (fails) throw new StoreUnavailableError('no answer');
        return results;
      },
    };
    const store = packed(BY_PREFIX, failing);
    await expect(store.write([put('aa1', 'x', 'absent')])).rejects.toThrow('no answer');
    fails = false;
    expect(await store.write([put('aa1', 'y', 'absent')])).toEqual([{ applied: false, version: 0 }]);
    expect(await store.write([put('aa2', 'z', 'absent')])).toEqual([{ applied: true, version: 1 }]);
  });

  it('behave like rows by themselves, whatever several instances do', async () => {
    const key = fc.constantFrom('a', 'aa1', 'aa2', 'aa3', 'ab1', 'b', 'ba1', 'ba2', 'c');
    const when = fc.oneof(
      fc.constant<WriteCondition>('any'),
      fc.constant<WriteCondition>('absent'),
      fc.integer({ min: 1, max: 3 }).map((version): WriteCondition => ({ version })),
    );
    const op = fc
      .record({ pk: key, when, body: fc.string(), isPut: fc.boolean() })
      .map(
        ({ pk, when: condition, body, isPut }): WriteOp =>
          isPut ? put(pk, body, condition) : { ...at(pk), kind: 'delete', when: condition },
      );
    const step = fc.record({
      by: fc.nat(1),
      ops: fc.array(op, { minLength: 1, maxLength: 6 }),
      waitMs: fc.nat(90_000),
    });
    const limit = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), limit, fc.option(key), fc.boolean(), async (...given) => {
        const [steps, max, behind, reverse] = given;
        below = createMemoryPlatform(clock);
        const model = createMemoryPlatform(clock).store;
        const stores = [packed(BY_PREFIX), packed(BY_PREFIX)];
        for (const { by, ops, waitMs } of steps) {
          clock.advance(waitMs);
          const before = await rowsBelow();
          expect(await stores[by]!.write(ops)).toEqual(await model.write(ops));
          const after = new Set((await rowsBelow()).map(({ pk }) => pk));
          // What is removed does not come anew within the minute for which instances believe what they knew of it.
          if (before.some(({ pk }) => !after.has(pk))) clock.advance(60_000);
        }
        const query = {
          table: 'deliveries' as const,
          limit: max,
          reverse,
          ...(behind ? { after: { pk: behind, sk: '' } } : {}),
        };
        expect(await stores[0]!.scan(query)).toEqual(await model.scan(query));
        const keys = ['a', 'aa1', 'aa3', 'ba2', 'c'].map(at);
        expect(await stores[1]!.getMany(keys)).toEqual(await model.getMany(keys));
      }),
    );
  });
});
