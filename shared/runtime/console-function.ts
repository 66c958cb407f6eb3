import { claimChannel } from '../channels/registry.ts';
import { createConsole } from '../console/console.ts';
import { createSnapshots } from '../stages/settings-snapshots.ts';
import type { FunctionHandler } from './function-context.ts';
import type { HttpResult } from './http-event.ts';
import { httpFunction } from './http-function.ts';
import { countAcks } from './metered-ports.ts';
import { deployedOf, rosterOf } from './stage-ports.ts';

/** The function that serves the HTTP API and the page, for people and programs: settings, history, why. */
export const consoleFunction = (): FunctionHandler<HttpResult> =>
  httpFunction('console', (platform) => {
    const ports = { ...platform, snapshots: createSnapshots(platform) };
    return createConsole({
      ...ports,
      roster: rosterOf(ports),
      deployed: deployedOf(platform),
      channelWork: async (workPorts) => (await import('./console-channel-work.ts')).channelWork(workPorts),
      countAck: countAcks(platform.metrics),
      claimChannel,
      parseYaml: async (text) => (await import('../adapters/local/yaml.ts')).parseYaml(text),
      metricsText: platform.metricsText,
    });
  });
