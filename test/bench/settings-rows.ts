import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealer } from '../../shared/adapters/crypto/sealer.ts';
import { openLocalPlatform } from '../../shared/adapters/local/open.ts';
import type { TableStore } from '../../shared/ports/table-store.ts';
import { type SettingsPorts, saveSettings } from '../../shared/stages/settings.ts';
import { patchObject } from '../../shared/stages/settings-edit.ts';
import { createSnapshots } from '../../shared/stages/settings-snapshots.ts';
import type { ReportRow } from './report.ts';

/** What one step cost. */
interface Cost {
  ms: number;
  rowsWritten: number;
  rowsRead: number;
  calls: number;
}

/** What the benchmark of the settings measured. */
interface SettingsBench {
  subscriptions: number;
  apply: Cost;
  cold: Cost;
  patch: Cost;
  warm: Cost;
  again: Cost;
}

const SUBSCRIPTIONS = 100_000;
const PATCHES = 7;

type Counted = TableStore & { cost: Omit<Cost, 'ms'> };

const counted = (store: TableStore): Counted => {
  const cost = { rowsWritten: 0, rowsRead: 0, calls: 0 };
  const read = <T>(rows: readonly T[]): readonly T[] => {
    cost.calls += 1;
    cost.rowsRead += rows.length;
    return rows;
  };
  return {
    cost,
    get: async (key) => read([await store.get(key)])[0],
    getMany: async (keys) => [...read(await store.getMany(keys))],
    range: async (query) => [...read(await store.range(query))],
    scan: async (query) => [...read(await store.scan(query))],
    write: (ops) => {
      cost.calls += 1;
      cost.rowsWritten += ops.length;
      return store.write(ops);
    },
  };
};

const measured = async (store: Counted, work: () => Promise<unknown>): Promise<Cost> => {
  Object.assign(store.cost, { rowsWritten: 0, rowsRead: 0, calls: 0 });
  const from = process.hrtime.bigint();
  await work();
  return { ms: Math.round(Number(process.hrtime.bigint() - from) / 1e5) / 10, ...store.cost };
};

const fileOf = (count: number): string =>
  JSON.stringify({
    contacts: [{ name: 'ops', webhook: { type: 'webhook', url: 'https://hook.example.com/robot/ops' } }],
    contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
    notificationPolicies: [{ name: 'page', contactGroups: ['oncall'] }],
    subscriptions: Array.from({ length: count }, (_, at) => ({
      name: `team-${at}`,
      products: [`product${at % 200}`],
      eventTypes: [`Type${at % 20}`],
      levels: ['CRITICAL', 'WARN'],
      resources: [`i-bp${at}`],
      policy: 'page',
    })),
  });

const median = (costs: readonly Cost[]): Cost => {
  const middle = [...costs].sort((a, b) => a.ms - b.ms)[Math.floor(costs.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
};

const steps = async (ports: SettingsPorts & { store: Counted }, count: number): Promise<SettingsBench> => {
  const { store } = ports;
  const apply = await measured(store, () => saveSettings(ports, { text: fileOf(count), format: 'json' }));
  const instance = createSnapshots(ports);
  const cold = await measured(store, () => instance.current());
  const snapshots = createSnapshots(ports);
  await snapshots.current();
  const patches: Cost[] = [];
  const warms: Cost[] = [];
  for (let turn = 0; turn < PATCHES; turn += 1) {
    const ref = { kind: 'subscriptions', name: `team-${Math.floor((count / PATCHES) * turn)}` } as const;
    patches.push(await measured(store, () => patchObject({ ...ports, snapshots }, ref, { levels: ['critical'] })));
    warms.push(await measured(store, () => instance.current()));
  }
  const again = await measured(store, () =>
    saveSettings({ ...ports, snapshots }, { text: fileOf(count), format: 'json' }),
  );
  return { subscriptions: count, apply, cold, patch: median(patches), warm: median(warms), again };
};

/** Applies, changes and loads settings of many subscriptions on the embedded store, each write flushed to the disk. */
const benchSettings = async (count = SUBSCRIPTIONS): Promise<SettingsBench> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fenghuo-bench-settings-'));
  const clock = { nowMs: () => Date.now() };
  const platform = await openLocalPlatform({ clock, dataDir });
  try {
    const sealer = createSealer({ key: Buffer.alloc(32, 1), previous: [] });
    return await steps({ store: counted(platform.store), sealer, clock, env: {} }, count);
  } finally {
    await platform.close();
    await rm(dataDir, { recursive: true, force: true });
  }
};

const rowOf = (row: string, { ms, rowsWritten, rowsRead, calls }: Cost): ReportRow => ({
  row: `  ${row}`,
  unit: 'ms',
  good: 'less',
  ours: ms,
  note: `${rowsWritten} rows written, ${rowsRead} read, ${calls} calls`,
});

/** The settings of a hundred thousand subscriptions: a whole file, one change, and what a warm instance needs to follow it. */
export const settingsRows = async ({ quick }: { quick: boolean }): Promise<ReportRow[]> => {
  const found = await benchSettings(quick ? SUBSCRIPTIONS / 10 : SUBSCRIPTIONS);
  return [
    {
      ...rowOf('', found.apply),
      row: `settings, ${found.subscriptions.toLocaleString('en-US')} subscriptions: first apply`,
    },
    rowOf('apply in which little has changed', found.again),
    rowOf('change of one', found.patch),
    rowOf('warm instance follows it', found.warm),
    rowOf('cold instance reads all', found.cold),
  ];
};

if (process.argv[1]?.endsWith('settings-rows.ts') === true) {
  const rows = await settingsRows({ quick: process.argv.includes('--quick') });
  console.table(rows.map(({ row, ours, note }) => ({ row, ms: ours, note })));
  console.log(JSON.stringify(rows));
}
