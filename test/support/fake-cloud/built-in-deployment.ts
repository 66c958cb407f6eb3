import { CHANNEL_NAMES } from '../../../shared/channels/registry.ts';
import { TABLES } from '../../../shared/ports/table-store.ts';
import type { FunctionSpec, Trigger } from './function-spec.ts';

/** What a fake cloud has when nothing is deployed through the deploy tool: the same set as s.yaml. */
export interface BuiltIn {
  functions: readonly FunctionSpec[];
  queues: readonly string[];
  tables: readonly string[];
}

const QUEUES: Readonly<Record<string, string>> = {
  match: 'events',
  fanout: 'notifications',
  'notify-message': 'notify-message',
  ...Object.fromEntries([...CHANNEL_NAMES].map((channel) => [`deliver-${channel}`, `deliver-${channel}`])),
};
const TIMERS: Readonly<Record<string, string>> = { sweep: '@every 1m', overview: 'CRON_TZ=Asia/Shanghai 0 0 * * * *' };
const HTTP = ['ingest', 'console', 'notify-message'];
const NAMES = ['ingest', 'match', 'fanout', 'sweep', 'overview', 'notify-message', 'console'];

const triggersOf = (name: string, prefix: string): Trigger[] => {
  const queue = QUEUES[name];
  const cron = TIMERS[name];
  return [
    ...(HTTP.includes(name) ? [{ kind: 'http' } as const] : []),
    ...(cron === undefined ? [] : [{ kind: 'timer', name, cron, payload: '' } as const]),
    ...(queue === undefined
      ? []
      : [{ kind: 'queue', queue: `${prefix}-${queue}`, count: 16, windowMs: 0, deadQueue: `${prefix}-dead` } as const]),
  ];
};

/** The built-in set below a folder of bundles, with these variables for every function. */
export const builtInDeployment = (
  bundleDir: string,
  { prefix, channels, env }: { prefix: string; channels: readonly string[]; env: Readonly<Record<string, string>> },
): BuiltIn => {
  const names = [...NAMES, ...channels.map((channel) => `deliver-${channel}`)];
  const queues = [...new Set(names.flatMap((name) => QUEUES[name] ?? [])), 'dead'];
  return {
    queues: queues.map((queue) => `${prefix}-${queue}`),
    tables: TABLES.map((table) => `${prefix.replaceAll('-', '_')}_${table}`),
    functions: names.map((name) => ({
      name: `${prefix}-${name}`,
      codeFile: `${bundleDir}/functions/${name}/index.js`,
      memoryMb: 512,
      cpu: 0.35,
      timeoutMs: 60_000,
      env: { ...env, FENGHUO_NAME_PREFIX: prefix, FENGHUO_CHANNELS: channels.join(',') },
      maxInstances: 4,
      triggers: triggersOf(name, prefix),
    })),
  };
};
