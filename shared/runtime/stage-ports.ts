import { CHANNEL_NAMES, claimChannel } from '../channels/registry.ts';
import type { EscalatePorts } from '../stages/escalate.ts';
import { createEscalationSource } from '../stages/escalation-source.ts';
import { createRosterSource, type RosterSource } from '../stages/roster-source.ts';
import { countWaves, meteredRosterSource } from './metered-ports.ts';
import type { Platform } from './platform.ts';

/** Names of the channels of this deployment. What goes to another is decided as not deployed, and never sent to a queue that does not exist. */
export const deployedOf = ({ deployedChannels }: Platform): ReadonlySet<string> => deployedChannels ?? CHANNEL_NAMES;

/** The settings in force, for a stage. */
export const rosterOf = (platform: Platform): RosterSource =>
  meteredRosterSource(createRosterSource(platform, claimChannel, deployedOf(platform)), platform.metrics);

/** What fanout needs of the platform. */
export const withEscalations = (platform: Platform): Platform & EscalatePorts => ({
  ...platform,
  escalations: createEscalationSource(platform, { claimChannel, deployed: deployedOf(platform) }),
  countWave: countWaves(platform.metrics),
});

/** What match and delivery need of the platform. */
export const withRoster = (platform: Platform): Platform & { roster: RosterSource } => ({
  ...platform,
  roster: rosterOf(platform),
});
