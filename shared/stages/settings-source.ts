import type { Settings } from '../domain/settings.ts';
import type { DocumentPorts } from './settings-document.ts';
import { createSnapshots, type Snapshots } from './settings-snapshots.ts';

/** Gives what the settings in force compile to; one cheap version read a call, so that a confirmed change governs the next event. */
export interface SettingsSource<Compiled> {
  current(): Promise<Compiled>;
}

/** How settings are compiled; `previous` is what was compiled before, whose unchanged objects are the very same objects in these settings. */
export type CompileSettings<Compiled> = (settings: Settings, version: number, previous?: Compiled) => Compiled;

/** Where settings come from. */
export interface SourcePorts extends DocumentPorts {
  /** Shared with others of the same instance; left out, this source reads for itself. */
  snapshots?: Snapshots | undefined;
}

/** What was compiled, and of what. */
interface Latest<Compiled> {
  rowVersion: number;
  settings: Settings;
  compiled: Compiled;
}

/**
 * The stored settings, compiled anew only when they have changed; then only what has changed is read, and what has not is the very same
 * object as before. Calls that meet a new version together load it once. Throws when the store cannot be read or the secrets cannot be
 * opened; the next call tries again.
 */
export const compiledSettings = <Compiled>(
  ports: SourcePorts,
  compile: CompileSettings<Compiled>,
): SettingsSource<Compiled> => {
  const snapshots = ports.snapshots ?? createSnapshots(ports);
  const empty = compile({}, 0);
  let latest: Latest<Compiled> | undefined;
  return {
    async current() {
      const snapshot = await snapshots.current();
      if (snapshot === undefined) return empty;
      const { settings, pointer, rowVersion } = snapshot;
      if (latest?.settings === settings || (latest !== undefined && latest.rowVersion > rowVersion))
        return latest.compiled;
      latest = { rowVersion, settings, compiled: compile(settings, pointer.version, latest?.compiled) };
      return latest.compiled;
    },
  };
};
