import { describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { Gatherer } from '../../shared/stages/gatherer.ts';

/** Work that ends when it is told to, and what it was asked for together. */
const gate = (answer: (items: readonly string[]) => readonly string[]) => {
  const calls: string[][] = [];
  const open: (() => void)[] = [];
  const gatherer = new Gatherer<string, string>(async (items) => {
    calls.push([...items]);
    await new Promise<void>((resolve) => open.push(resolve));
    return answer(items);
  });
  const next = async (): Promise<void> => {
    while (open.length === 0) await Promise.resolve();
    open.shift()?.();
  };
  return { calls, gatherer, next };
};

describe('work that is gathered', () => {
  it('begins at once for who comes alone, and together for all who come meanwhile, each with its own result', async () => {
    const { calls, gatherer, next } = gate((items) => items.map((item) => item.toUpperCase()));
    const results = ['a', 'b', 'c'].map((item) => gatherer.add(item));
    await next();
    await next();
    expect(await Promise.all(results)).toEqual(['A', 'B', 'C']);
    expect(calls).toEqual([['a'], ['b', 'c']]);
  });

  it('waits for those who come in the moment in which it lingers, and lingers anew for the next', async () => {
    const calls: string[][] = [];
    const moments: (() => void)[] = [];
    const together = async (items: readonly string[]) => {
      calls.push([...items]);
      return items;
    };
    const gatherer = new Gatherer(together, () => new Promise<void>((resolve) => moments.push(resolve)));
    const first = [gatherer.add('a'), gatherer.add('b')];
    expect(calls).toEqual([]);
    moments.shift()?.();
    expect(await Promise.all(first)).toEqual(['a', 'b']);
    const second = gatherer.add('c');
    while (moments.length === 0) await new Promise((resolve) => setImmediate(resolve));
    moments.shift()?.();
    expect(await second).toBe('c');
    expect(calls).toEqual([['a', 'b'], ['c']]);
  });

  it('is tried for each alone when it fails together, so that only who is to blame hears of it', async () => {
    const { calls, gatherer, next } = gate((items) => {
      if (items.includes('poison')) throw new TypeError('cannot');
      return items;
    });
    const results = ['a', 'poison', 'c'].map((item) => gatherer.add(item).catch((error: unknown) => String(error)));
    for (let call = 0; call < 4; call += 1) await next();
    expect(await Promise.all(results)).toEqual(['a', 'TypeError: cannot', 'c']);
    expect(calls).toEqual([['a'], ['poison', 'c'], ['poison'], ['c']]);
  });

  it('fails for all at once when the store is not there, and goes on with who comes later', async () => {
    let full = true;
    const { calls, gatherer, next } = gate((items) => {
      if (full) throw new StoreUnavailableError('the disk is full');
      return items;
    });
    const results = ['a', 'b', 'c'].map((item) => gatherer.add(item).catch(() => 'refused'));
    await next();
    await next();
    expect(await Promise.all(results)).toEqual(['refused', 'refused', 'refused']);
    full = false;
    const later = gatherer.add('d');
    await next();
    expect(await later).toBe('d');
    expect(calls).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('says so when a caller got no result', async () => {
    const { gatherer, next } = gate(() => []);
    const result = gatherer.add('a');
    await Promise.all([next(), expect(result).rejects.toMatchObject({ code: 'result-missing' })]);
  });
});
