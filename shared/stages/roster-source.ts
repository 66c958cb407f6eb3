import type { Roster } from '../domain/roster.ts';
import type { ClaimChannel } from '../domain/roster-addresses.ts';
import { compileRoster } from '../domain/roster-compile.ts';
import { compiledSettings, type SettingsSource, type SourcePorts } from './settings-source.ts';

/** Rules and addresses of the settings in force. */
export type RosterSource = SettingsSource<Roster>;

/** The roster of the stored settings. `deployed` names the channels that this deployment has; left out, every channel counts as deployed. */
export const createRosterSource = (
  ports: SourcePorts,
  claimChannel: ClaimChannel,
  deployed?: ReadonlySet<string>,
): RosterSource =>
  compiledSettings<Roster>(ports, (settings, version, previous) =>
    compileRoster(settings, { version, claimChannel, ...(deployed === undefined ? {} : { deployed }) }, previous),
  );
