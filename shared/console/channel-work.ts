import type { ChannelWorkPorts } from './channel-work-ports.ts';
import type { ChannelWork } from './console-ports.ts';
import { replayMissed } from './replay.ts';
import { routeDry } from './route-dry.ts';
import { checkByEvents, compareByEvents, oneAtATime } from './what-if.ts';

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
