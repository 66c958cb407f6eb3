import type { Channel } from '../channels/channel.ts';
import { CHANNELS } from '../channels/registry.ts';

/** The channels of these names, for a function that carries all of them. */
export const deployedChannels = (names: ReadonlySet<string>): readonly Channel[] =>
  CHANNELS.filter(({ name }) => names.has(name));
