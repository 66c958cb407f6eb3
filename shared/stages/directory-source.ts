import type { Directory } from '../domain/roster.ts';
import { compileDirectory, type RosterOptions } from '../domain/roster-directory.ts';
import type { DocumentPorts } from './settings-document.ts';
import { createSnapshots } from './settings-snapshots.ts';
import { compiledSettings, type SettingsSource } from './settings-source.ts';

/** Addresses do not depend on who wants what, so that the largest part of the file is neither read nor kept. */
const WITHOUT: ReadonlySet<string> = new Set(['subscriptions']);

/** Addresses of the settings in force, without the rules: all that sending needs. */
export const createDirectorySource = (
  ports: DocumentPorts,
  options: Omit<RosterOptions, 'version'>,
): SettingsSource<Directory> =>
  compiledSettings(
    { store: ports.store, sealer: ports.sealer, snapshots: createSnapshots(ports, WITHOUT) },
    (settings, version) => compileDirectory(settings, { ...options, version }).directory,
  );
