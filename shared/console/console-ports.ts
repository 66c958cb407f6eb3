import type { Channel, ChannelPorts } from '../channels/channel.ts';
import type { Logger } from '../ports/logger.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { Simulator } from '../ports/simulation.ts';
import type { RosterSource } from '../stages/roster-source.ts';
import type { Snapshots } from '../stages/settings-snapshots.ts';

/** What the console API needs. */
export interface ConsolePorts extends ChannelPorts {
  outbox: Outbox;
  sealer: Sealer;
  logger: Logger;
  roster: RosterSource;
  /** Settings that this instance has read already; left out, the console keeps its own. */
  snapshots?: Snapshots;
  channels: readonly Channel[];
  /** The same channel with its attempts counted, for what is really sent; absent where nobody counts. */
  counted?: (channel: Channel) => Channel;
  /** Channel name for a webhook URL; undefined when no channel claims it. */
  claimChannel: (url: string) => string | undefined;
  /** Throws an Error that says where the text is wrong. */
  parseYaml: (text: string) => unknown;
  /** All metrics in the text format of Prometheus. */
  metricsText: () => Promise<string>;
  /** What `${env:NAME}` in a settings file may see. */
  settingsEnv: Readonly<Record<string, string>>;
  /** Runs what-if questions, apart from everything that is stored. */
  simulator: Simulator;
  accessToken: string;
  consoleUrl?: string;
}
