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

const fileOf = (name: string): string => join(FUNCTIONS, name, 'index.js');

/** One process of each bundle in every round, so that a slow minute of the machine meets all of them. */
const loadsOf = (names: readonly string[], rounds: number): Map<string, Loads> => {
  const found = new Map(names.map((name): [string, Loads] => [name, { bareMs: [], longerMs: [] }]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, loads] of found) {
      const bareMs = wallMs('');
      loads.bareMs.push(bareMs);
      loads.longerMs.push(wallMs(`require(${JSON.stringify(fileOf(name))});process.exit()`) - bareMs);
    }
  return found;
};

const rowsOf = (name: string, { longerMs }: Loads): ReportRow[] => {
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
  const found = loadsOf(names, context.quick ? 3 : PROCESSES);
  const bareMs = median([...found.values()].flatMap((loads) => loads.bareMs));
  return [
    ...[...found].flatMap(([name, loads]) => rowsOf(name, loads)),
    { row: 'Node without anything: how slow the machine was', unit: 'ms', ours: bareMs },
  ];
};
