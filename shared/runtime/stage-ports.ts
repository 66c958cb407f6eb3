import { CHANNEL_NAMES, claimChannel } from '../channels/registry.ts';
import type { EscalatePorts } from '../stages/escalate.ts';
import { createEscalationSource } from '../stages/escalation-source.ts';
import { createRosterSource, type RosterSource } from '../stages/roster-source.ts';
import { countWaves, meteredRosterSource } from './metered-ports.ts';
import type { Platform } from './platform.ts';

/** The settings in force, for a stage. */
export const rosterOf = (platform: Platform): RosterSource =>
  meteredRosterSource(createRosterSource(platform, claimChannel, CHANNEL_NAMES), platform.metrics);

/** What fanout needs of the platform. */
export const withEscalations = (platform: Platform): Platform & EscalatePorts => ({
  ...platform,
  escalations: createEscalationSource(platform, { claimChannel, deployed: CHANNEL_NAMES }),
  countWave: countWaves(platform.metrics),
});

/** What match and delivery need of the platform. */
export const withRoster = (platform: Platform): Platform & { roster: RosterSource } => ({
  ...platform,
  roster: rosterOf(platform),
});
