import type { Settings } from '../domain/settings.ts';
import type { DocumentPorts } from './settings-document.ts';
import { type Current, readCurrent, readPointer } from './settings-pointer.ts';

/** Gives what the settings in force compile to; one cheap version read a call, so that a confirmed change governs the next event. */
export interface SettingsSource<Compiled> {
  current(): Promise<Compiled>;
}

interface Loaded<Compiled> {
  key: string;
  compiled: Promise<Compiled>;
}

/**
 * The stored settings, compiled anew only when the version has changed. Calls that meet a new version together load it once. Throws
 * when the store cannot be read or the secrets cannot be opened; the next call tries again.
 */
export const compiledSettings = <Compiled>(
  ports: DocumentPorts,
  compile: (settings: Settings, version: number) => Compiled,
): SettingsSource<Compiled> => {
  const load = async (current: Current): Promise<Compiled> => {
    const found = await readCurrent(ports, current);
    return compile(found?.settings ?? {}, found?.pointer.version ?? 0);
  };
  const empty: Loaded<Compiled> = { key: '', compiled: Promise.resolve(compile({}, 0)) };
  let loaded = empty;
  const forget = (failed: Loaded<Compiled>): void => {
    if (loaded === failed) loaded = empty;
  };
  const start = (current: Current, key: string): Loaded<Compiled> => {
    const starting: Loaded<Compiled> = { key, compiled: load(current) };
    starting.compiled.catch(() => forget(starting));
    return starting;
  };
  return {
    async current() {
      const current = await readPointer(ports);
      if (current === undefined) return empty.compiled;
      const key = `${current.pointer.version}:${current.pointer.digest}`;
      if (loaded.key !== key) loaded = start(current, key);
      return loaded.compiled;
    },
  };
};
