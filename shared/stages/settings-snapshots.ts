import type { DocumentPorts } from './settings-document.ts';
import { type Current, readPointer } from './settings-pointer.ts';
import { readCurrent, type Snapshot } from './settings-snapshot.ts';

/** The settings in force as one instance knows them. */
export interface Snapshots {
  /** One read while they stay as they are, else what has changed; undefined before anything was saved. Throws as reading does. */
  current(): Promise<Snapshot | undefined>;
  /** Takes over what this instance has just put in force itself. */
  keep(snapshot: Snapshot): void;
}

interface Loading {
  rowVersion: number;
  snapshot: Promise<Snapshot | undefined>;
}

/** Keeps what it has read, so that a later call reads only what has changed; `without` leaves out keys of the file. */
export const createSnapshots = (ports: DocumentPorts, without?: ReadonlySet<string>): Snapshots => {
  let known: Snapshot | undefined;
  let loading: Loading | undefined;
  const keep = (snapshot: Snapshot): Snapshot => {
    if (known === undefined || known.rowVersion < snapshot.rowVersion) known = snapshot;
    return known;
  };
  const load = async (at: Current): Promise<Snapshot | undefined> => {
    const snapshot = await readCurrent(ports, { at, known, ...(without === undefined ? {} : { without }) });
    return snapshot === undefined ? undefined : keep(snapshot);
  };
  const start = (at: Current): Loading => {
    const starting = { rowVersion: at.rowVersion, snapshot: load(at) };
    const forget = (): void => {
      if (loading === starting) loading = undefined;
    };
    starting.snapshot.then(forget, forget);
    return starting;
  };
  return {
    keep,
    async current() {
      const at = await readPointer(ports);
      if (at === undefined) return undefined;
      if (known !== undefined && known.rowVersion >= at.rowVersion) return known;
      if (loading === undefined || loading.rowVersion < at.rowVersion) loading = start(at);
      return loading.snapshot;
    },
  };
};
