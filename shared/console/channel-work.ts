import type { Channel } from '../channels/channel.ts';
import type { Simulator } from '../ports/simulation.ts';
import type { ApiReply } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { replayMissed } from './replay.ts';
import { routeDry } from './route-dry.ts';
import type { ApiCall } from './router.ts';
import { checkByEvents, compareByEvents, oneAtATime } from './what-if.ts';

/** Answers for which every channel is needed, and most of the stages: dry runs, and what is sent again at the pace of each target. */
export interface ChannelWork {
  route(call: ApiCall): Promise<ApiReply>;
  whatIf(call: ApiCall): Promise<ApiReply>;
  check(call: ApiCall): Promise<ApiReply>;
  replay(call: ApiCall): Promise<ApiReply>;
}

/** What that needs. */
export interface ChannelWorkPorts extends ConsolePorts {
  /** Every channel of this deployment. */
  channels: readonly Channel[];
  /** Runs what-if questions, apart from everything that is stored. */
  simulator: Simulator;
}

/** All of it, one simulation at a time. */
export const createChannelWork = (ports: ChannelWorkPorts): ChannelWork => {
  const guard = oneAtATime();
  return {
    route: routeDry(ports),
    whatIf: guard(compareByEvents(ports)),
    check: guard(checkByEvents(ports)),
    replay: replayMissed(ports),
  };
};
