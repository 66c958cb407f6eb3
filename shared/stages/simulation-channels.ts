import type { Channel, ChannelPorts, Notice } from '../channels/channel.ts';
import type { Roster } from '../domain/roster.ts';
import type { Target } from '../domain/target.ts';

/** One message that would have been sent. */
export interface SimulatedSend {
  atMs: number;
  /** Key of the target, whichever robot of its pool took it. */
  target: string;
  channel: string;
  total: number;
}

/** A simulation wanted to call somebody. */
class SimulationCallError extends Error {
  readonly code = 'simulation-call';
  constructor() {
    super('a simulation calls nobody');
    this.name = 'SimulationCallError';
  }
}

const refuse = (): Promise<never> => Promise.reject(new SimulationCallError());

/** Ports to the outside through which nothing gets out. */
export const NOWHERE: Pick<ChannelPorts, 'http' | 'mail' | 'openapi'> = {
  http: { send: refuse },
  mail: { send: refuse },
  openapi: { call: refuse },
};

/** Keys of the targets of a roster by the key of every robot of their pools. */
const ownersOf = ({ targets }: Roster): Map<string, string> =>
  new Map(
    [...targets.values()].flatMap(({ key, pool = [] }) => [
      [key, key] as const,
      ...pool.map((member) => [member.key, key] as const),
    ]),
  );

/** What a simulated channel is made of. */
export interface ChannelStage {
  roster: Roster;
  /** Called for each message in place of sending it. */
  record: (send: SimulatedSend) => void;
  nowMs: () => number;
  /** Whether the limits of the providers hold; else everything goes at once. */
  isLimited: boolean;
}

/** The channels with their limits and moments, each of which takes every message at once and sends none. */
export const simulatedChannels = (channels: readonly Channel[], stage: ChannelStage): Map<string, Channel> => {
  const owners = ownersOf(stage.roster);
  const send = (channel: string) => (notice: Notice, target: Target) => {
    const key = owners.get(target.key) ?? target.key;
    stage.record({ atMs: stage.nowMs(), target: key, channel, total: notice.digest.total });
    return Promise.resolve({ kind: 'delivered' as const, code: 'simulated' });
  };
  const limits = stage.isLimited ? {} : { quotaOf: () => undefined };
  return new Map(channels.map((channel) => [channel.name, { ...channel, ...limits, send: send(channel.name) }]));
};
