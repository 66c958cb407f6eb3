import { createSimulator } from '../adapters/local/simulator.ts';
import { createChannelWork } from '../console/channel-work.ts';
import type { ChannelWork, ConsolePorts } from '../console/console-ports.ts';
import { deployedChannels } from './deployed-channels.ts';

/** The part of the console that carries every channel: built into a file of its own, and loaded by the first call that needs it. */
export const channelWork = (ports: ConsolePorts): ChannelWork =>
  createChannelWork({ ...ports, channels: deployedChannels(ports.deployed), simulator: createSimulator() });
