import { claimChannel } from '../channels/registry.ts';
import { type CanaryReport, watchCanary } from '../stages/canary.ts';
import { createCanarySettings } from '../stages/canary-now.ts';
import { createDirectorySource } from '../stages/directory-source.ts';
import type { Platform } from './platform.ts';
import { deployedOf } from './stage-ports.ts';

/** The canary for the sweep. Its failure is logged and stops nothing else; what else fails must not stop it either, so it comes first. */
export const canarySweep = (platform: Platform): (() => Promise<{ canary: CanaryReport | 'failed' }>) => {
  const watch = watchCanary({
    ...platform,
    settings: createCanarySettings(platform),
    directory: createDirectorySource(platform, { claimChannel, deployed: deployedOf(platform) }),
  });
  return async () => {
    try {
      return { canary: await watch() };
    } catch (error) {
      platform.logger.error('the canary could not be looked after', { error });
      return { canary: 'failed' };
    }
  };
};
