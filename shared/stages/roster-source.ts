import type { Roster } from '../domain/roster.ts';
import type { ClaimChannel } from '../domain/roster-addresses.ts';
import { compileRoster } from '../domain/roster-compile.ts';
import type { DocumentPorts } from './settings-document.ts';
import { compiledSettings, type SettingsSource } from './settings-source.ts';

/** Rules and addresses of the settings in force. */
export type RosterSource = SettingsSource<Roster>;

/** The roster of the stored settings. `deployed` names the channels that this deployment has; left out, every channel counts as deployed. */
export const createRosterSource = (
  ports: DocumentPorts,
  claimChannel: ClaimChannel,
  deployed?: ReadonlySet<string>,
): RosterSource =>
  compiledSettings(ports, (settings, version) =>
    compileRoster(settings, { version, claimChannel, ...(deployed === undefined ? {} : { deployed }) }),
  );
