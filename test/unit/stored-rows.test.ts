import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { TableStore } from '../../shared/ports/table-store.ts';
import { allRows, rowsOf } from '../../shared/stages/rows.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Rows of a log are large, so few of them may be read ahead of the one that is worked on. */
const MAX_READ_AHEAD = 50;

/** A store that notes how many rows each read gave. */
const watched = (store: TableStore) => {
  const reads: number[] = [];
  const note = <Rows extends readonly unknown[]>(rows: Rows): Rows => {
    reads.push(rows.length);
    return rows;
  };
  const seen: TableStore = {
    ...store,
    range: async (query) => note(await store.range(query)),
    scan: async (query) => note(await store.scan(query)),
  };
  return { reads, seen };
};

const nameAt = (index: number): string => String(index).padStart(4, '0');

describe('rows that are read one after the other', () => {
  let store: ReturnType<typeof watched>;

  const fill = async (count: number): Promise<string[]> => {
    const { store: plain } = createMemoryPlatform(new FakeClock());
    const names = Array.from({ length: count }, (_, index) => nameAt(index));
    await plain.write(names.map((sk) => ({ kind: 'put', table: 'log', pk: 'p', sk, body: '{}', when: 'any' })));
    store = watched(plain);
    return names;
  };
  const gather = async (rows: AsyncIterable<{ sk: string }>): Promise<string[]> => {
    const names: string[] = [];
    for await (const { sk } of rows) names.push(sk);
    return names;
  };
  const partition = () => rowsOf(store.seen, { table: 'log', pk: 'p', from: '', to: '\uffff' });

  beforeEach(() => fill(0));

  it.each([0, 1, 49, 50, 51, 100, 333])('are each given once and in order when there are %d', async (count) => {
    const names = await fill(count);
    expect(await gather(partition())).toEqual(names);
    expect(await gather(allRows(store.seen, 'log'))).toEqual(names);
  });

  it('lie in memory in small numbers only, however many there are', async () => {
    await fill(333);
    await gather(partition());
    await gather(allRows(store.seen, 'log'));
    expect(Math.max(...store.reads)).toBeLessThanOrEqual(MAX_READ_AHEAD);
  });

  it('are not read any further when nobody wants more', async () => {
    await fill(333);
    for await (const { sk } of partition()) if (sk === nameAt(60)) break;
    expect(store.reads).toHaveLength(2);
  });
});
