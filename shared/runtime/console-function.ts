import { createSimulator } from '../adapters/local/simulator.ts';
import { parseYaml } from '../adapters/local/yaml.ts';
import { claimChannel } from '../channels/registry.ts';
import { createConsole } from '../console/console.ts';
import { createSnapshots } from '../stages/settings-snapshots.ts';
import { deployedChannels } from './deployed-channels.ts';
import type { FunctionHandler } from './function-context.ts';
import type { HttpResult } from './http-event.ts';
import { httpFunction } from './http-function.ts';
import { countAcks, meteredChannel } from './metered-ports.ts';
import { rosterOf } from './stage-ports.ts';

/** The function that serves the HTTP API and the page, on every channel that there is. */
export const consoleFunction = (): FunctionHandler<HttpResult> =>
  httpFunction('console', (platform) => {
    const ports = { ...platform, snapshots: createSnapshots(platform) };
    return createConsole({
      ...ports,
      roster: rosterOf(ports),
      channels: deployedChannels(platform),
      counted: (channel) => meteredChannel(channel, platform.metrics),
      countAck: countAcks(platform.metrics),
      claimChannel,
      parseYaml,
      simulator: createSimulator(),
      metricsText: platform.metricsText,
    });
  });
