import { canaryIdOf } from '../domain/canary-event.ts';
import { canaryTimes } from '../domain/canary-schedule.ts';
import type { CanaryRun, CanaryState } from '../domain/canary-state.ts';
import { newestArrivedMs, settledRun, withRun } from '../domain/canary-turn.ts';
import type { Settings } from '../domain/settings.ts';
import type { Clock } from '../ports/clock.ts';
import { StoreUnavailableError, type TableStore } from '../ports/table-store.ts';
import { acceptCanary, type CanaryRunPorts, type CanarySettings } from './canary.ts';
import { readCanaryState, writeCanaryState } from './canary-rows.ts';
import { sightsOf } from './canary-sight.ts';
import { createSectionSource } from './section-source.ts';
import type { DocumentPorts } from './settings-document.ts';
import type { SettingsSource } from './settings-source.ts';

/** So many canaries may be under way at once; who wants more waits for those. */
const MAX_UNDER_WAY = 10;

const ATTEMPTS = 8;

/** The part of the settings in force that the canary needs, without the lists. */
export const createCanarySettings = (ports: DocumentPorts): SettingsSource<CanarySettings> =>
  createSectionSource(ports, ({ canary, account }: Settings) => ({
    ...(canary === undefined ? {} : { canary }),
    ...(account === undefined ? {} : { account }),
  }));

/** As many canaries are under way as may be. */
export class CanaryBusyError extends Error {
  readonly code = 'canary-busy';
  constructor() {
    super(`${MAX_UNDER_WAY} canaries are under way already: wait until they have arrived or are missing`);
    this.name = 'CanaryBusyError';
  }
}

/** The settings ask for no canary, so that nobody would get one. */
export class NoCanaryError extends Error {
  readonly code = 'no-canary';
  constructor() {
    super('The settings have no canary: add the section canary, which may be empty ({})');
    this.name = 'NoCanaryError';
  }
}

const isUnderWay = ({ status, dueMs }: CanaryRun, nowMs: number): boolean => status === 'under-way' && dueMs > nowMs;

const begin = async (ports: CanaryRunPorts, settings: CanarySettings, attempt: number): Promise<CanaryRun> => {
  if (attempt === ATTEMPTS) throw new StoreUnavailableError('too many write the state of the canary at once');
  const { store, clock } = ports;
  const stored = await readCanaryState(store);
  const nowMs = clock.nowMs();
  const known = stored?.value.runs ?? [];
  if (known.filter((run) => isUnderWay(run, nowMs)).length >= MAX_UNDER_WAY) throw new CanaryBusyError();
  const run: CanaryRun = {
    event: canaryIdOf(nowMs, `by hand ${stored?.version ?? 0}`),
    by: 'hand',
    sentAtMs: nowMs,
    dueMs: nowMs + canaryTimes(settings.canary).deadlineMs,
    status: 'under-way',
  };
  const state = await writeCanaryState(store, stored, withRun(stored?.value, run));
  return state === undefined ? begin(ports, settings, attempt + 1) : run;
};

/**
 * Sends a canary now; the one that is due next is not changed by it. Throws {@link NoCanaryError} without one in the settings,
 * {@link CanaryBusyError} when too many are under way, and StoreUnavailableError when it could not be put on its way.
 */
export const sendCanaryNow = async (ports: CanaryRunPorts): Promise<CanaryRun> => {
  const settings = await ports.settings.current();
  if (settings.canary === undefined) throw new NoCanaryError();
  const run = await begin(ports, settings, 0);
  await acceptCanary(ports, run.event, settings.account ?? '');
  return run;
};

/** How the canary stands: what is remembered, with what the records show at this moment. */
export interface CanaryStanding {
  runs: readonly CanaryRun[];
  /** Milliseconds since the newest canary that arrived was sent; since the first of all when none has. */
  ageMs: number;
  outage?: NonNullable<CanaryState['outage']>;
}

/** How the canary stands; undefined when none was ever sent. Writes nothing. */
export const readCanary = async ({
  store,
  clock,
}: {
  store: TableStore;
  clock: Clock;
}): Promise<CanaryStanding | undefined> => {
  const state = (await readCanaryState(store))?.value;
  if (state === undefined) return undefined;
  const sights = await sightsOf(store, state);
  const nowMs = clock.nowMs();
  const runs = state.runs.map((run) => settledRun(run, sights.get(run.event), nowMs));
  const sinceMs = newestArrivedMs(runs, state.arrivedMs) ?? state.sinceMs;
  const { outage } = state;
  return { runs, ageMs: Math.max(0, nowMs - sinceMs), ...(outage === undefined ? {} : { outage }) };
};
