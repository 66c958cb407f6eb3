import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareUtf8 } from '../../shared/adapters/local/memory-rows.ts';
import type { Row, TableStore, WriteOp } from '../../shared/ports/table-store.ts';
import { deleteOf, keyAt, ORDERED_KEYS, putOf } from '../fixtures/store-rows.ts';

/** What a suite is given: a fresh adapter and what takes it down. */
export interface StoreUnderTest {
  store: TableStore;
  close(): Promise<void>;
}

const sortKeys = (rows: readonly Row[]): string[] => rows.map(({ sk }) => sk);

/** Keys of a whole table, read two rows at a time. */
const scanPages = async (store: TableStore, reverse: boolean): Promise<string[]> => {
  const seen: string[] = [];
  let page = await store.scan({ table: 'lanes', limit: 2, reverse });
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    seen.push(...page.map(({ pk, sk }) => `${pk}/${sk}`));
    page = await store.scan({ table: 'lanes', after: last, limit: 2, reverse });
  }
  return seen;
};

/** Every promise of the TableStore port; each adapter must pass it. */
export const describeTableStore = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`table store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: TableStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(() => under.close());

    const fill = (sks: readonly string[]) => store.write(sks.map((sk) => putOf(keyAt('p', sk), sk)));

    describe('single rows', () => {
      it('gives back what was put, with version 1', async () => {
        await store.write([putOf(keyAt('p', 's'), '{"a":1}')]);
        expect(await store.get(keyAt('p', 's'))).toEqual({ pk: 'p', sk: 's', version: 1, body: '{"a":1}' });
      });

      it('gives undefined for a row that was never put', async () => {
        expect(await store.get(keyAt('p', 's'))).toBeUndefined();
      });

      it('tells rows apart by table, partition key and sort key', async () => {
        await store.write([putOf(keyAt('p', 's'), '1')]);
        expect(await store.get({ table: 'log', pk: 'p', sk: 's' })).toBeUndefined();
        expect(await store.get(keyAt('p', ''))).toBeUndefined();
        expect(await store.get(keyAt('ps', ''))).toBeUndefined();
      });

      it('takes an empty sort key and an empty body', async () => {
        await store.write([putOf(keyAt('p', ''), '')]);
        expect(await store.get(keyAt('p', ''))).toEqual({ pk: 'p', sk: '', version: 1, body: '' });
      });

      it.each(['警告 – 烽火', '😀𠮷', '\u0001', '\uffff', ' ', "'; DROP TABLE lanes; --", '%_*'])(
        'keeps %j in keys and bodies as it is',
        async (text) => {
          await store.write([putOf(keyAt(text, text), text)]);
          expect(await store.get(keyAt(text, text))).toEqual({ pk: text, sk: text, version: 1, body: text });
          expect(await store.range({ table: 'lanes', pk: text, limit: 9 })).toHaveLength(1);
        },
      );

      it('refuses text that would come back changed, and then writes nothing of the call', async () => {
        const good = putOf(keyAt('p', 'good'), 'x');
        for (const bad of [
          putOf(keyAt('a\u0000', ''), 'x'),
          putOf(keyAt('p', '\ud800'), 'x'),
          putOf(keyAt('p', 's'), '\u0000'),
        ]) {
          await expect(store.write([good, bad])).rejects.toMatchObject({ code: 'unstorable-text' });
        }
        expect(await store.scan({ table: 'lanes', limit: 9 })).toEqual([]);
      });

      it('keeps a body of one megabyte', async () => {
        const body = '烽'.repeat(350_000);
        await store.write([putOf(keyAt('p', 's'), body)]);
        expect((await store.get(keyAt('p', 's')))?.body).toBe(body);
      });

      it('gives one entry per key in the order asked, also for keys named twice and absent ones', async () => {
        await fill(['a', 'b']);
        const rows = await store.getMany([keyAt('p', 'b'), keyAt('p', 'x'), keyAt('p', 'a'), keyAt('p', 'b')]);
        expect(rows.map((row) => row?.sk)).toEqual(['b', undefined, 'a', 'b']);
        expect(await store.getMany([])).toEqual([]);
      });

      it('reads across tables in one call', async () => {
        await store.write([putOf(keyAt('p', 's'), 'lane'), { ...putOf(keyAt('p', 's'), 'hold'), table: 'holds' }]);
        const rows = await store.getMany([{ table: 'holds', pk: 'p', sk: 's' }, keyAt('p', 's')]);
        expect(rows.map((row) => row?.body)).toEqual(['hold', 'lane']);
      });
    });

    describe('conditions and versions', () => {
      it('counts the version up by one with every put', async () => {
        const put = () => store.write([putOf(keyAt('p', 's'), 'x')]);
        expect([await put(), await put(), await put()].map(([result]) => result?.version)).toEqual([1, 2, 3]);
      });

      it('puts an absent row only once', async () => {
        const op = { ...putOf(keyAt('p', 's'), 'first'), when: 'absent' } as const;
        expect(await store.write([op])).toEqual([{ applied: true, version: 1 }]);
        expect(await store.write([{ ...op, body: 'second' }])).toEqual([{ applied: false, version: 0 }]);
        expect((await store.get(op))?.body).toBe('first');
      });

      it('puts on the named version only', async () => {
        const at = (version: number, body: string): WriteOp => ({ ...putOf(keyAt('p', 's'), body), when: { version } });
        expect(await store.write([at(1, 'too early')])).toEqual([{ applied: false, version: 0 }]);
        await store.write([putOf(keyAt('p', 's'), 'one')]);
        expect(await store.write([at(1, 'two')])).toEqual([{ applied: true, version: 2 }]);
        expect(await store.write([at(1, 'stale'), at(3, 'future'), at(0, 'zero'), at(-1, 'minus')])).toEqual(
          Array.from({ length: 4 }, () => ({ applied: false, version: 0 })),
        );
        expect(await store.get(keyAt('p', 's'))).toEqual({ pk: 'p', sk: 's', version: 2, body: 'two' });
      });

      it('deletes on the named version only', async () => {
        await fill(['s']);
        expect(await store.write([deleteOf(keyAt('p', 's'), { version: 2 })])).toEqual([
          { applied: false, version: 0 },
        ]);
        expect(await store.get(keyAt('p', 's'))).toBeDefined();
        expect(await store.write([deleteOf(keyAt('p', 's'), { version: 1 })])).toEqual([{ applied: true, version: 0 }]);
        expect(await store.get(keyAt('p', 's'))).toBeUndefined();
      });

      it('deletes without a condition whether the row is there or not', async () => {
        await fill(['s']);
        const op = deleteOf(keyAt('p', 's'), 'any');
        expect(await store.write([op, op])).toEqual(Array.from({ length: 2 }, () => ({ applied: true, version: 0 })));
      });

      it('takes "absent" at its word for a delete', async () => {
        const op = deleteOf(keyAt('p', 's'), 'absent');
        expect(await store.write([op])).toEqual([{ applied: true, version: 0 }]);
        await fill(['s']);
        expect(await store.write([op])).toEqual([{ applied: false, version: 0 }]);
        expect(await store.get(keyAt('p', 's'))).toBeDefined();
      });

      it('starts again at version 1 after a delete', async () => {
        await fill(['s']);
        await fill(['s']);
        await store.write([deleteOf(keyAt('p', 's'), 'any')]);
        expect(await fill(['s'])).toEqual([{ applied: true, version: 1 }]);
      });

      it('gives each write of a call its own result', async () => {
        await fill(['taken']);
        const absent = (sk: string): WriteOp => ({ ...putOf(keyAt('p', sk), 'new'), when: 'absent' });
        const results = await store.write([absent('a'), absent('taken'), absent('b'), absent('a')]);
        expect(results.map(({ applied }) => applied)).toEqual([true, false, true, false]);
        expect(sortKeys(await store.range({ table: 'lanes', pk: 'p', limit: 9 }))).toEqual(['a', 'b', 'taken']);
        expect(await store.write([])).toEqual([]);
      });

      it('lets exactly one of many concurrent writers win a version', async () => {
        await fill(['s']);
        const op: WriteOp = { ...putOf(keyAt('p', 's'), 'mine'), when: { version: 1 } };
        const results = await Promise.all(Array.from({ length: 20 }, () => store.write([op])));
        expect(results.filter(([result]) => result?.applied)).toHaveLength(1);
      });

      it('shows a confirmed write to every read asked for afterwards', async () => {
        for (let round = 0; round < 20; round += 1) {
          const [result] = await store.write([putOf(keyAt('p', 's'), String(round))]);
          const reads = await Promise.all([
            store.get(keyAt('p', 's')),
            store.range({ table: 'lanes', pk: 'p', limit: 1 }),
          ]);
          expect(reads.flat().map((row) => row?.version)).toEqual([result?.version, result?.version]);
        }
      });
    });

    describe('ranges and scans', () => {
      it('orders sort keys by their UTF-8 bytes', async () => {
        await fill([...ORDERED_KEYS].reverse());
        const rows = await store.range({ table: 'lanes', pk: 'p', limit: 100 });
        expect(sortKeys(rows)).toEqual([...ORDERED_KEYS].sort(compareUtf8));
        expect(sortKeys(rows)).toEqual(ORDERED_KEYS);
      });

      it('includes both bounds', async () => {
        await fill(['a', 'b', 'c', 'd']);
        const range = (bounds: { from?: string; to?: string }) =>
          store.range({ table: 'lanes', pk: 'p', ...bounds, limit: 9 }).then(sortKeys);
        expect(await range({ from: 'b', to: 'c' })).toEqual(['b', 'c']);
        expect(await range({ from: 'b' })).toEqual(['b', 'c', 'd']);
        expect(await range({ to: 'b' })).toEqual(['a', 'b']);
        expect(await range({ from: 'bb', to: 'bc' })).toEqual([]);
        expect(await range({ from: 'c', to: 'b' })).toEqual([]);
        expect(await range({ from: '', to: '' })).toEqual([]);
      });

      it('gives the last rows first when reversed, and at most the limit', async () => {
        await fill(['a', 'b', 'c', 'd']);
        const range = (limit: number, reverse: boolean) =>
          store.range({ table: 'lanes', pk: 'p', from: 'a', to: 'c', limit, reverse }).then(sortKeys);
        expect(await range(2, false)).toEqual(['a', 'b']);
        expect(await range(2, true)).toEqual(['c', 'b']);
        expect(await range(0, true)).toEqual([]);
        expect(await range(-1, false)).toEqual([]);
      });

      it('stays inside its partition', async () => {
        await store.write([putOf(keyAt('p', 'a'), '1'), putOf(keyAt('pp', 'b'), '2'), putOf(keyAt('o', 'c'), '3')]);
        expect(sortKeys(await store.range({ table: 'lanes', pk: 'p', limit: 9 }))).toEqual(['a']);
      });

      it('scans a table in order of partition key and sort key, page after page', async () => {
        const keys = [keyAt('a', ''), keyAt('a', 'z'), keyAt('ab', 'a'), keyAt('b', 'a'), keyAt('b', 'b')];
        await store.write([...keys].reverse().map((key) => putOf(key, 'x')));
        const expected = keys.map(({ pk, sk }) => `${pk}/${sk}`);
        expect(await scanPages(store, false)).toEqual(expected);
        expect(await scanPages(store, true)).toEqual(expected.reverse());
      });

      it('starts a scan behind a key that is not there, and gives nothing for a limit of zero', async () => {
        await fill(['a', 'c']);
        const scan = (after: { pk: string; sk: string }, limit: number) => store.scan({ table: 'lanes', after, limit });
        expect(sortKeys(await scan({ pk: 'p', sk: 'b' }, 9))).toEqual(['c']);
        expect(sortKeys(await scan({ pk: 'o', sk: 'zz' }, 9))).toEqual(['a', 'c']);
        expect(await scan({ pk: 'o', sk: '' }, 0)).toEqual([]);
      });

      it('gives copies: changing a row that was read changes nothing in the store', async () => {
        await fill(['a']);
        const row = await store.get(keyAt('p', 'a'));
        if (row !== undefined) row.body = 'changed';
        expect((await store.get(keyAt('p', 'a')))?.body).toBe('a');
      });
    });
  });
};
