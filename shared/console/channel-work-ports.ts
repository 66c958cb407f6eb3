import type { Channel } from '../channels/channel.ts';
import type { Simulator } from '../ports/simulation.ts';
import type { ConsolePorts } from './console-ports.ts';

/** What is needed for answers that need every channel. */
export interface ChannelWorkPorts extends ConsolePorts {
  /** Every channel of this deployment. */
  channels: readonly Channel[];
  /** Runs what-if questions, apart from everything that is stored. */
  simulator: Simulator;
}
