import type { Roster } from '../domain/roster.ts';
import type { ClaimChannel } from '../domain/roster-addresses.ts';
import { compileRoster } from '../domain/roster-compile.ts';
import type { DocumentPorts } from './settings-document.ts';
import { type Current, readCurrent, readPointer } from './settings-pointer.ts';

/** Gives the compiled settings in force; one cheap version read a call, so that a confirmed change governs the next event. */
export interface RosterSource {
  current(): Promise<Roster>;
}

interface Loaded {
  key: string;
  roster: Promise<Roster>;
}

/**
 * The roster of the stored settings, compiled anew only when the version has changed. Calls that meet a new version together load it
 * once. Throws when the store cannot be read or the secrets cannot be opened; the next call tries again. `deployed` names the channels that this deployment has;
 * left out, every channel counts as deployed.
 */
export const createRosterSource = (
  ports: DocumentPorts,
  claimChannel: ClaimChannel,
  deployed?: ReadonlySet<string>,
): RosterSource => {
  const compile = (settings: Parameters<typeof compileRoster>[0], version: number): Roster =>
    compileRoster(settings, { version, claimChannel, ...(deployed === undefined ? {} : { deployed }) });
  const load = async (current: Current): Promise<Roster> => {
    const found = await readCurrent(ports, current);
    return compile(found?.settings ?? {}, found?.pointer.version ?? 0);
  };
  const empty: Loaded = { key: '', roster: Promise.resolve(compile({}, 0)) };
  let loaded = empty;
  const forget = (failed: Loaded): void => {
    if (loaded === failed) loaded = empty;
  };
  const start = (current: Current, key: string): Loaded => {
    const starting: Loaded = { key, roster: load(current) };
    starting.roster.catch(() => forget(starting));
    return starting;
  };
  return {
    async current() {
      const current = await readPointer(ports);
      if (current === undefined) return empty.roster;
      const key = `${current.pointer.version}:${current.pointer.digest}`;
      if (loaded.key !== key) loaded = start(current, key);
      return loaded.roster;
    },
  };
};
