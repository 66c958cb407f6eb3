import type { RosterSource } from '../stages/roster-source.ts';
import { createSnapshots, type Snapshots } from '../stages/settings-snapshots.ts';
import type { Platform } from './platform.ts';
import { rosterOf } from './stage-ports.ts';

/** The settings in force as one instance of the console knows them. */
export interface SettingsInForce {
  snapshots: Snapshots;
  roster: RosterSource;
}

/** What the files of the console have in common. Whichever needs the settings first puts them here, so that an instance keeps them once. */
export interface ConsoleShared {
  settings?: SettingsInForce;
}

const settingsOf = (platform: Platform): SettingsInForce => {
  const ports = { ...platform, snapshots: createSnapshots(platform) };
  return { snapshots: ports.snapshots, roster: rosterOf(ports) };
};

/** The settings that all files of the console share, made when there are none yet. */
export const sharedSettings = (platform: Platform, shared: ConsoleShared): SettingsInForce => {
  shared.settings ??= settingsOf(platform);
  return shared.settings;
};
