import type { Roster } from '../domain/roster.ts';
import type { ClaimChannel } from '../domain/roster-addresses.ts';
import { compileRoster } from '../domain/roster-compile.ts';
import type { Settings } from '../domain/settings.ts';
import { type AssetMemberPorts, assetResolver } from './asset-members.ts';
import { compiledSettings, type SettingsSource, type SourcePorts } from './settings-source.ts';

/** Rules and addresses of the settings in force. */
export type RosterSource = SettingsSource<Roster>;

/**
 * The roster of the stored settings, its asset groups with the members that Security Center gave last. `deployed` names the channels
 * that this deployment has; left out, every channel counts as deployed.
 */
export const createRosterSource = (
  ports: SourcePorts & AssetMemberPorts,
  claimChannel: ClaimChannel,
  deployed?: ReadonlySet<string>,
): RosterSource => {
  const options = { claimChannel, ...(deployed === undefined ? {} : { deployed }) };
  const source = compiledSettings(ports, (settings, version) => ({ settings, version }));
  const resolve = assetResolver(ports);
  let last: { settings: Settings; version: number; roster: Roster } | undefined;
  return {
    current: async () => {
      const { settings: written, version } = await source.current();
      const settings = await resolve(written);
      if (last?.settings !== settings || last.version !== version)
        last = { settings, version, roster: compileRoster(settings, { ...options, version }, last?.roster) };
      return last.roster;
    },
  };
};
