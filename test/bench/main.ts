// npm run bench -- [--quick | --long] [--only=storm,latency] [--no-peer]
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { alertmanager, alertmanagerVersion } from './alertmanager.ts';
import type { BenchContext } from './bench-context.ts';
import { bundleRows } from './bundle-rows.ts';
import { channelRows } from './channel-rows.ts';
import { chosenGroups, type Groups, runGroups, UnknownGroupError } from './groups.ts';
import { latencyRows } from './latency-rows.ts';
import { openLoadRig } from './load.ts';
import { monotonicMs } from './load-messages.ts';
import { matchingRows } from './matching-rows.ts';
import { memoryRows } from './memory-rows.ts';
import { type Report, saveReport, tableOf } from './report.ts';
import { settingsRows } from './settings-rows.ts';
import { stormCountRows, stormRows } from './storm-rows.ts';
import { batchedRows, singleRows, subscriptionRows, tenTargetRows } from './throughput-rows.ts';

const GROUPS: Groups<BenchContext> = {
  batched: batchedRows,
  single: singleRows,
  'ten-targets': tenTargetRows,
  subscriptions: subscriptionRows,
  storm: stormRows,
  'storm-counts': stormCountRows,
  latency: latencyRows,
  memory: memoryRows,
  matching: matchingRows,
  settings: settingsRows,
  bundles: bundleRows,
  channels: channelRows,
};

/** A file system in memory makes every flush free: f_type of tmpfs (linux/magic.h). */
const TMPFS = 0x01021994;

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

const machine = (): Report['machine'] => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1e9),
  kernel: release(),
  node: process.version,
  commit: commit(),
  store: statfsSync(tmpdir()).type === TMPFS ? 'in memory: the figures are not durable ones' : 'on disk',
});

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    only: { type: 'string' },
    'no-peer': { type: 'boolean', default: false },
  },
});

const groupsAskedFor = (): Groups<BenchContext> => {
  try {
    return chosenGroups(GROUPS, options.only);
  } catch (error) {
    if (!(error instanceof UnknownGroupError)) throw error;
    console.error(error.message);
    return process.exit(2);
  }
};

const groups = groupsAskedFor();
const version = options['no-peer'] ? undefined : alertmanagerVersion();
const rig = await openLoadRig();
const context: BenchContext = {
  rig,
  ...(version === undefined ? {} : { peer: alertmanager }),
  quick: options.quick,
  long: options.long,
  problems: [],
};
const rows = await runGroups(groups, context, { say: console.error, nowMs: monotonicMs });
rig.close();

const report: Report = {
  at: new Date().toISOString(),
  machine: machine(),
  peer: version === undefined ? 'none' : `Alertmanager ${version}, in memory, not durable`,
  rows,
  problems: context.problems,
};
saveReport(report, 'bench.json');
console.log(
  `${JSON.stringify(report.machine)}\npeer: ${report.peer}${options.quick ? '\nquick: too short to compare' : ''}\n`,
);
console.log(tableOf(rows));
for (const problem of report.problems) console.log(`PROBLEM ${problem}`);
process.exitCode = report.problems.length > 0 ? 1 : 0;
