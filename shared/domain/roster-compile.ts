import { compileEscalations } from './escalation-plan.ts';
import { MatchIndex } from './match-index.ts';
import type { Roster } from './roster.ts';
import { compileDirectory, type RosterOptions } from './roster-directory.ts';
import { explainWith } from './roster-explain.ts';
import { Rules } from './roster-rules.ts';
import { wantsOf } from './roster-wants.ts';
import type { Settings } from './settings.ts';

/** Compiles checked settings for the hot path. Pure: equal settings and options give a roster that decides equally. */
export const compileRoster = (settings: Settings, options: RosterOptions): Roster => {
  const { directory, parts } = compileDirectory(settings, options);
  const rules = new Rules(settings, parts);
  const index = new MatchIndex(rules);
  const wants = wantsOf(rules);
  return {
    ...directory,
    route: (event, nowMs = event.receivedAtMs) => wants({ event, nowMs }, index.match(event)),
    explain: explainWith(rules),
    escalations: compileEscalations(settings, parts),
  };
};
