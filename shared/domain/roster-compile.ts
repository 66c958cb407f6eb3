import { MatchIndex } from './match-index.ts';
import type { Roster } from './roster.ts';
import { compileDirectory, type RosterOptions } from './roster-directory.ts';
import { explainWith } from './roster-explain.ts';
import { Rules } from './roster-rules.ts';
import { compileSecurityCenter } from './roster-security-center.ts';
import { wantsOf } from './roster-wants.ts';
import { compilePush } from './security-center-push.ts';
import type { Settings } from './settings.ts';

/** Compiles checked settings for the hot path. Pure: equal settings and options give a roster that decides equally. */
export const compileRoster = (settings: Settings, options: RosterOptions): Roster => {
  const { directory, parts } = compileDirectory(settings, options);
  const rules = new Rules(settings, parts);
  const index = new MatchIndex(rules);
  const wants = wantsOf(rules);
  const push = compilePush(settings);
  const securityCenter = compileSecurityCenter(rules, push);
  return {
    ...directory,
    route: (event, nowMs = event.receivedAtMs) => {
      const matched = securityCenter.choose(event, index.match(event));
      const moment = { event, nowMs };
      return securityCenter.pace(moment, matched, wants(moment, matched));
    },
    explain: explainWith(rules, push),
  };
};
