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
const PROCESSES = 15;

const wallMs = (script: string): number => {
  const startMs = monotonicMs();
  execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' });
  return monotonicMs() - startMs;
};

/** Median time that a fresh process takes longer with this bundle than without anything. */
const loadMs = (file: string, processes: number): number => {
  const differences: number[] = [];
  for (let round = 0; round < processes; round += 1) {
    const bareMs = wallMs('');
    differences.push(wallMs(`require(${JSON.stringify(file)});process.exit()`) - bareMs);
  }
  return median(differences);
};

const rowsOf = (name: string, processes: number): ReportRow[] => {
  const file = join(FUNCTIONS, name, 'index.js');
  const budget = name.startsWith('deliver-') ? WITH_HTTP_CLIENT : PLAIN;
  return [
    { row: `bundle ${name}`, unit: 'KB', good: 'less', ours: statSync(file).size / 1000, floor: budget.kilobytes },
    { row: `  load ${name}`, unit: 'ms', good: 'less', ours: loadMs(file, processes), floor: budget.loadMs },
  ];
};

/** Size of each built function and the time that a fresh process needs to load it, bare Node subtracted. */
export const bundleRows = async (context: BenchContext): Promise<ReportRow[]> => {
  if (!existsSync(FUNCTIONS)) return [];
  const names = readdirSync(FUNCTIONS).filter((name) => existsSync(join(FUNCTIONS, name, 'index.js')));
  return names.flatMap((name) => rowsOf(name, context.quick ? 3 : PROCESSES));
};
