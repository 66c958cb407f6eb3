import { claimChannel } from '../channels/registry.ts';
import type { Route } from '../console/router.ts';
import { rulesRoutes } from '../console/rules-routes.ts';
import { type ConsoleShared, sharedSettings } from './console-settings.ts';
import type { Platform } from './platform.ts';
import { deployedOf } from './stage-ports.ts';

/** The part of the console that changes settings and tries them out: built into a file of its own, and loaded by the first call for it. */
export const consoleRules = (platform: Platform, shared: ConsoleShared): readonly Route[] =>
  rulesRoutes({
    ...platform,
    ...sharedSettings(platform, shared),
    deployed: deployedOf(platform),
    channelWork: async (workPorts) => (await import('./console-channel-work.ts')).channelWork(workPorts),
    claimChannel,
    parseYaml: async (text) => (await import('../adapters/local/yaml.ts')).parseYaml(text),
  });
