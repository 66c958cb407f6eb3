import { MatchIndex } from './match-index.ts';
import type { Roster } from './roster.ts';
import type { ClaimChannel } from './roster-addresses.ts';
import { explainWith } from './roster-explain.ts';
import { ownersWith } from './roster-owners.ts';
import { Rules } from './roster-rules.ts';
import { compileTargets } from './roster-targets.ts';
import { wantsOf } from './roster-wants.ts';
import type { Settings } from './settings.ts';

/** What a roster is compiled with. */
export interface RosterOptions {
  version: number;
  claimChannel: ClaimChannel;
  /** Channels that this deployment has; a target on another channel is explained but not told. Left out: all. */
  deployed?: ReadonlySet<string>;
}

/** Compiles checked settings for the hot path. Pure: equal settings and options give a roster that decides equally. */
export const compileRoster = (settings: Settings, { version, claimChannel, deployed }: RosterOptions): Roster => {
  const book = compileTargets(settings, claimChannel);
  const isDeployed = (channel: string): boolean => deployed?.has(channel) ?? true;
  const parts = { book, isDeployed };
  const rules = new Rules(settings, parts);
  const index = new MatchIndex(rules);
  const wants = wantsOf(rules);
  return {
    version,
    targets: book.live,
    route: (event) => wants(event, index.match(event)),
    owners: ownersWith(settings, parts),
    explain: explainWith(rules),
  };
};
