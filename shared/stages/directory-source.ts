import type { Directory } from '../domain/roster.ts';
import { compileDirectory, type RosterOptions } from '../domain/roster-directory.ts';
import type { DocumentPorts } from './settings-document.ts';
import { compiledSettings, type SettingsSource } from './settings-source.ts';

/** Addresses of the settings in force, without the rules: all that sending needs. */
export const createDirectorySource = (
  ports: DocumentPorts,
  options: Omit<RosterOptions, 'version'>,
): SettingsSource<Directory> =>
  compiledSettings(ports, (settings, version) => compileDirectory(settings, { ...options, version }).directory);
