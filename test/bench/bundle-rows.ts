import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from './bench-context.ts';
import { monotonicMs } from './load-messages.ts';
import type { ReportRow } from './report.ts';
import { median } from './statistics.ts';

const FUNCTIONS = fileURLToPath(new URL('../../dist/functions', import.meta.url));
/** Budgets of docs/architecture.md: kilobytes and milliseconds on two cores. */
const PLAIN = { kilobytes: 150, loadMs: 25 };
const WITH_HTTP_CLIENT = { kilobytes: 420, loadMs: 45 };
/** It sends by itself, as the delivery functions do; see docs/decisions/0012 and 0020. */
const isSender = (name: string): boolean => name.startsWith('deliver-') || name === 'notify-message';
const PROCESSES = 15;

const wallMs = (script: string): number => {
  const startMs = monotonicMs();
  execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' });
  return monotonicMs() - startMs;
};

/** Fresh processes in turns: how long each took without anything, and how much longer with a bundle. */
interface Loads {
  bareMs: number[];
  longerMs: number[];
}

const fileOf = (name: string, file = 'index.js'): string => join(FUNCTIONS, name, file);

/** Files that the first call of a kind loads besides the function itself. */
const FIRST_CALLS = ['records.js', 'rules.js'].map((file) => ({ name: 'console', file }));

type Loaded = readonly string[];

/** One process of each bundle in every round, so that a slow minute of the machine meets all of them. */
const loadsOf = (loaded: readonly Loaded[], rounds: number): Loads[] => {
  const found = loaded.map((files) => ({ files, bareMs: [] as number[], longerMs: [] as number[] }));
  for (let round = 0; round < rounds; round += 1)
    for (const { files, ...loads } of found) {
      const bareMs = wallMs('');
      const script = files.map((file) => `require(${JSON.stringify(file)});`).join('');
      loads.bareMs.push(bareMs);
      loads.longerMs.push(wallMs(`${script}process.exit()`) - bareMs);
    }
  return found;
};

const rowsOf = (name: string, longerMs: readonly number[]): ReportRow[] => {
  const { size } = statSync(fileOf(name));
  const budget = isSender(name) ? WITH_HTTP_CLIENT : PLAIN;
  return [
    { row: `bundle ${name}`, unit: 'KB', good: 'less', ours: size / 1000, floor: budget.kilobytes },
    { row: `  load ${name}`, unit: 'ms', good: 'less', ours: median(longerMs), floor: budget.loadMs },
  ];
};

/** Size of each built function and the time that a fresh process needs to load it, bare Node subtracted, whose own time stands below. */
export const bundleRows = async (context: BenchContext): Promise<ReportRow[]> => {
  if (!existsSync(FUNCTIONS)) return [];
  const names = readdirSync(FUNCTIONS).filter((name) => existsSync(fileOf(name)));
  const calls = FIRST_CALLS.filter(({ name, file }) => existsSync(fileOf(name, file)));
  const loaded = [
    ...names.map((name) => [fileOf(name)]),
    ...calls.map(({ name, file }) => [fileOf(name), fileOf(name, file)]),
  ];
  const found = loadsOf(loaded, context.quick ? 3 : PROCESSES);
  const longerOf = (at: number): readonly number[] => found[at]?.longerMs ?? [];
  return [
    ...names.flatMap((name, at) => rowsOf(name, longerOf(at))),
    ...calls.map(({ name, file }, at) => ({
      row: `first call of ${name} that needs ${file}`,
      unit: 'ms',
      ours: median(longerOf(names.length + at)),
      note: `with ${(statSync(fileOf(name, file)).size / 1000).toFixed(0)} KB`,
    })),
    {
      row: 'Node without anything: how slow the machine was',
      unit: 'ms',
      ours: median(found.flatMap(({ bareMs }) => bareMs)),
    },
  ];
};
