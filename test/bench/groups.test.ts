import { expect, test } from 'vitest';
import { chosenGroups, runGroups } from './groups.ts';

const rowsOf = (name: string) => async () => [{ row: name, unit: 'u', ours: 1 }];
const ALL = { first: rowsOf('a'), second: rowsOf('b'), third: rowsOf('c') };

test('runs all groups without a list, and those of a list in their own order', () => {
  expect(Object.keys(chosenGroups(ALL))).toEqual(['first', 'second', 'third']);
  expect(Object.keys(chosenGroups(ALL, 'third, first'))).toEqual(['first', 'third']);
});

test.each(['fourth', '', 'first,', 'toString'])('refuses %j and names the groups that there are', (only) => {
  expect(() => chosenGroups(ALL, only)).toThrow(/no group .*first, second, third/);
});

test('gives the rows of all groups', async () => {
  const rows = await runGroups(ALL, undefined, { say: () => {}, nowMs: () => 0 });
  expect(rows.map(({ row }) => row)).toEqual(['a', 'b', 'c']);
});

test('says before each group how long the one before took', async () => {
  const lines: string[] = [];
  let nowMs = 0;
  const taking = (tookMs: number) => async () => {
    nowMs += tookMs;
    return [];
  };
  await runGroups({ quick: taking(1_400), slow: taking(61_000) }, undefined, {
    say: (line) => lines.push(line),
    nowMs: () => nowMs,
  });
  expect(lines).toEqual(['quick ...', 'quick took 1 s; slow ...', 'slow took 61 s; all took 62 s']);
});
