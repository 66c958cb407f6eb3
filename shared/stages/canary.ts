import { canaryEvent, canaryIdOf } from '../domain/canary-event.ts';
import { canaryTimes, dueSlotMs } from '../domain/canary-schedule.ts';
import type { CanaryNotice, CanaryRun, CanaryState } from '../domain/canary-state.ts';
import { afterLook, type Sight, withRun } from '../domain/canary-turn.ts';
import type { Directory } from '../domain/roster.ts';
import type { Settings } from '../domain/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { sendCanaryNotice } from './canary-notice.ts';
import { readCanaryState, writeCanaryState } from './canary-rows.ts';
import { sightsOf } from './canary-sight.ts';
import { readEventRow } from './events-log.ts';
import { batchesOf, incomingOf } from './ingest-batch.ts';
import { commitBatches } from './ingest-commit.ts';
import type { Stored } from './rows.ts';
import type { SettingsSource } from './settings-source.ts';

/** The part of the settings that the schedule of the canary is made from. */
export type CanarySettings = Pick<Settings, 'canary' | 'account'>;

/** What sending a canary needs. */
export interface CanaryRunPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  settings: SettingsSource<CanarySettings>;
}

/** What watching over canaries needs. */
export interface CanaryPorts extends CanaryRunPorts {
  /** Read only when somebody has to be told. */
  directory: SettingsSource<Directory>;
}

/** What one look did. */
export interface CanaryReport {
  /** The canary that was sent. */
  sent?: string;
  /** The alarm that one is missing, or the word that one has arrived again. */
  told?: string;
}

type State = Stored<CanaryState>;

/** Puts a canary on the way of every event; one that is there already is recognised by its id. */
export const acceptCanary = async (ports: CanaryRunPorts, id: string, account: string): Promise<void> => {
  const nowMs = ports.clock.nowMs();
  const event = canaryEvent(id, account, nowMs);
  await commitBatches(ports, batchesOf([incomingOf(event, { text: '{}', ours: true })], nowMs));
};

/** A word that an earlier run decided and never stored gets the time of now, because the books have gone on since. */
const inTime = async (ports: CanaryPorts, state: State, notice: CanaryNotice): Promise<State | undefined> => {
  if ((await readEventRow(ports.store, notice.event)) !== undefined) return state;
  const timed = { ...notice, atMs: Math.max(notice.atMs, ports.clock.nowMs()) };
  return writeCanaryState(ports.store, state, { ...state.value, notice: timed });
};

const cleared = ({ notice, ...state }: CanaryState, told: string[]): CanaryState =>
  notice?.kind === 'missing' && state.outage !== undefined ? { ...state, outage: { ...state.outage, told } } : state;

/** Sends the word that stands in the state and takes it out; undefined when another run does. */
const tell = async (ports: CanaryPorts, state: State, account: string): Promise<State | undefined> => {
  const { notice } = state.value;
  if (notice === undefined) return state;
  const directory = await ports.directory.current();
  const told = await sendCanaryNotice({ ...ports, directory, account }, notice);
  return writeCanaryState(ports.store, state, cleared(state.value, told));
};

/** What was left behind by a run that died, or is just being told by another one: told twice it is still one message. */
const tellLeftOver = async (ports: CanaryPorts, state: State, account: string): Promise<State | undefined> => {
  const { notice } = state.value;
  if (notice === undefined) return state;
  const timed = await inTime(ports, state, notice);
  return timed === undefined ? undefined : tell(ports, timed, account);
};

const scheduledRun = (slotMs: number, nowMs: number, { canary, account = '' }: CanarySettings): CanaryRun => ({
  event: canaryIdOf(slotMs, `${account} ${slotMs}`),
  by: 'schedule',
  sentAtMs: nowMs,
  dueMs: nowMs + canaryTimes(canary).deadlineMs,
  status: 'under-way',
});

/** The state with the canary that is due, if one is. */
const withDue = (state: CanaryState | undefined, settings: CanarySettings, nowMs: number): CanaryState => {
  const slotMs = dueSlotMs(canaryTimes(settings.canary).everyMs, nowMs, state?.slotMs);
  if (slotMs === undefined && state !== undefined) return state;
  const slot = slotMs ?? nowMs;
  return { ...withRun(state, scheduledRun(slot, nowMs, settings)), slotMs: slot };
};

interface Look {
  state: State;
  /** The canary that is new. */
  sent?: string;
  /** Canaries that stand in the state and not in the store: the run that was to send them has died, or could not. */
  lost: readonly string[];
}

const lostOf = ({ runs }: CanaryState, sights: ReadonlyMap<string, Sight>): string[] =>
  runs.flatMap(({ event, status }) => {
    const sight = sights.get(event);
    const isLost = status === 'under-way' && sight?.kind === 'under-way' && sight.fault.stage === 'accepting';
    return isLost ? [event] : [];
  });

/** Looks at what is under way, and writes down what follows from it and what is due; undefined when another run was faster. */
const look = async (
  ports: CanaryPorts,
  before: State | undefined,
  settings: CanarySettings,
): Promise<Look | undefined> => {
  const sights = before === undefined ? new Map<string, Sight>() : await sightsOf(ports.store, before.value);
  const nowMs = ports.clock.nowMs();
  const seen = before === undefined ? undefined : afterLook(before.value, sights, nowMs);
  const next = withDue(seen, settings, nowMs);
  const state = next === before?.value ? before : await writeCanaryState(ports.store, before, next);
  if (state === undefined) return undefined;
  const [newest] = next.runs;
  const isNew = next.slotMs !== before?.value.slotMs && newest !== undefined;
  return { state, lost: lostOf(next, sights), ...(isNew ? { sent: newest.event } : {}) };
};

/** Tells what follows, then puts what is new or was lost on its way. */
const act = async (ports: CanaryPorts, { state, sent, lost }: Look, account: string): Promise<CanaryReport> => {
  const told = state.value.notice?.event;
  await tell(ports, state, account);
  for (const id of sent === undefined ? lost : [...lost, sent]) await acceptCanary(ports, id, account);
  return { ...(sent === undefined ? {} : { sent }), ...(told === undefined ? {} : { told }) };
};

const watch = async (ports: CanaryPorts, settings: CanarySettings): Promise<CanaryReport> => {
  const account = settings.account ?? '';
  const stored = await readCanaryState(ports.store);
  const before = stored && (await tellLeftOver(ports, stored, account));
  if (stored !== undefined && before === undefined) return {};
  const found = await look(ports, before, settings);
  return found === undefined ? {} : act(ports, found, account);
};

/**
 * Watches over the canary: sends the one that is due, looks what became of those before, and raises the alarm when one is missing, once an
 * outage, and says one word when a later one arrives. What is decided is written down first, so that it is done once however often and
 * wherever this runs, and by the next run when one dies. Does nothing without `canary` in the settings. The alarm goes out before
 * anything is put on the queue `events`, whose failure is thrown after it.
 */
export const watchCanary = (ports: CanaryPorts) => async (): Promise<CanaryReport> => {
  const settings = await ports.settings.current();
  return settings.canary === undefined ? {} : watch(ports, settings);
};
