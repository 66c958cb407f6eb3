import { compileCanary } from './canary-targets.ts';
import type { Directory } from './roster.ts';
import type { ClaimChannel } from './roster-addresses.ts';
import { ownersWith } from './roster-owners.ts';
import type { ReachParts } from './roster-reach.ts';
import { compileTargets } from './roster-targets.ts';
import type { Settings } from './settings.ts';

/** What a roster, or its directory alone, is compiled with. */
export interface RosterOptions {
  version: number;
  claimChannel: ClaimChannel;
  /** Channels that this deployment has; a target on another channel is explained but not told. Left out: all. */
  deployed?: ReadonlySet<string>;
}

/** The addresses of checked settings, and what rules are compiled over them. */
export const compileDirectory = (
  settings: Settings,
  { version, claimChannel, deployed }: RosterOptions,
): { directory: Directory; parts: ReachParts } => {
  const book = compileTargets(settings, claimChannel);
  const parts: ReachParts = { book, isDeployed: (channel) => deployed?.has(channel) ?? true };
  const directory = { version, targets: book.live, owners: ownersWith(settings, parts) };
  if (settings.canary === undefined) return { directory, parts };
  return { directory: { ...directory, canary: compileCanary(settings.canary, parts) }, parts };
};
