import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../support/host-process.ts';
import type { Contender, Scenario } from './contender.ts';
import { kindOf } from './events.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Settings file of a scenario: a subscription for each kind of event, plain webhooks of the sink as targets. */
export const settingsFor = (scenario: Scenario, sinkPort: number): object => {
  const ownLanes = scenario.interval !== undefined;
  const lanes = ownLanes ? scenario.kinds : 1;
  const contactsOf = (lane: number): string[] =>
    ownLanes ? [`hook-${lane}`] : numbers(scenario.targets).map((target) => `hook-${target}`);
  return {
    version: 1,
    timezone: 'Asia/Shanghai',
    language: 'en',
    contacts: numbers(Math.max(lanes, scenario.targets)).map((target) => ({
      name: `hook-${target}`,
      webhook: { type: 'webhook', url: `http://127.0.0.1:${sinkPort}/hook/${target}` },
    })),
    contactGroups: numbers(lanes).map((lane) => ({ name: `group-${lane}`, contacts: contactsOf(lane) })),
    notificationPolicies: numbers(lanes).map((lane) => ({
      name: `policy-${lane}`,
      contactGroups: [`group-${lane}`],
      interval: scenario.interval ?? 'none',
    })),
    subscriptions: numbers(scenario.kinds).map((index) => {
      const kind = kindOf(index);
      return {
        name: `subscription-${index}`,
        products: [kind.product],
        eventTypes: [kind.type],
        levels: ['CRITICAL', 'WARN'],
        policy: `policy-${ownLanes ? index : 0}`,
      };
    }),
  };
};

/** Our built one-machine host, durable, each time on an empty data directory. */
export const fenghuo: Contender = {
  name: 'fenghuo',
  start: async (scenario, sinkPort) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'fenghuo-bench-'));
    const host = startHost({ dataDir, settings: settingsFor(scenario, sinkPort) });
    const url = await host.ready;
    return {
      pid: host.pid,
      url,
      entrance: { form: 'cloudmonitor', port: Number(new URL(url).port), path: '/ingest', token: host.token },
      stop: async () => {
        await host.kill();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  },
};
