import type { Channel } from '../channels/channel.ts';
import { CHANNELS } from '../channels/registry.ts';
import type { Platform } from './platform.ts';
import { deployedOf } from './stage-ports.ts';

/** The channels of this deployment, for a function that carries all of them. */
export const deployedChannels = (platform: Platform): readonly Channel[] => {
  const names = deployedOf(platform);
  return CHANNELS.filter(({ name }) => names.has(name));
};
