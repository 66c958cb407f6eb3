import type { CanaryFault, CanaryRun, CanaryState } from './canary-state.ts';
import { idOf } from './ids.ts';

/** How the records show a canary that is not settled yet. */
export type Sight =
  | { kind: 'arrived'; atMs: number }
  /** `under-way` may still arrive, `failed` cannot; `fault` says how far it has come. */
  | { kind: 'under-way' | 'failed'; fault: CanaryFault };

/** So many canaries are remembered; one that may still arrive is not forgotten for others. */
const KEPT_RUNS = 50;

/** The run as its sight and the time leave it: the very same object when nothing has changed. */
export const settledRun = (run: CanaryRun, sight: Sight | undefined, nowMs: number): CanaryRun => {
  if (run.status !== 'under-way' || sight === undefined) return run;
  if (sight.kind === 'arrived') {
    const latencyMs = Math.max(0, sight.atMs - run.sentAtMs);
    if (sight.atMs <= run.dueMs) return { ...run, status: 'arrived', latencyMs };
    return { ...run, status: 'missing', latencyMs, fault: { stage: 'late', targets: [] } };
  }
  const isOver = sight.kind === 'failed' || nowMs >= run.dueMs;
  return isOver ? { ...run, status: 'missing', fault: sight.fault } : run;
};

/** Puts a canary that is sent now before the others and forgets old ones. */
export const withRun = (state: CanaryState | undefined, run: CanaryRun): CanaryState => {
  const runs = [run, ...(state?.runs ?? [])];
  const kept = runs.filter(
    ({ status, dueMs }, at) => at < KEPT_RUNS || (status === 'under-way' && dueMs > run.sentAtMs),
  );
  return { sinceMs: run.sentAtMs, ...state, runs: kept };
};

/** When the newest of these that arrived was sent. */
export const newestArrivedMs = (runs: readonly CanaryRun[], knownMs: number | undefined): number | undefined => {
  const sent = runs.flatMap(({ status, sentAtMs }) => (status === 'arrived' ? [sentAtMs] : []));
  const newest = Math.max(knownMs ?? 0, ...sent);
  return newest === 0 ? undefined : newest;
};

const noticeOf = (kind: 'missing' | 'recovered', run: CanaryRun, nowMs: number) => ({
  kind,
  event: idOf('evt', nowMs, ['canary', kind, run.event]),
  atMs: nowMs,
  canary: run.event,
  sentAtMs: run.sentAtMs,
});

const alarmed = (state: CanaryState, run: CanaryRun, nowMs: number): CanaryState => {
  const notice = noticeOf('missing', run, nowMs);
  return {
    ...state,
    notice: run.fault === undefined ? notice : { ...notice, fault: run.fault },
    outage: { sinceMs: run.sentAtMs, canary: run.event, alarm: notice.event, told: [] },
  };
};

const recovered = ({ outage, ...state }: CanaryState, run: CanaryRun, nowMs: number): CanaryState => ({
  ...state,
  notice: { ...noticeOf('recovered', run, nowMs), ...(outage === undefined ? {} : { over: outage }) },
});

/** The oldest of several canaries. */
const oldest = (runs: readonly CanaryRun[]): CanaryRun | undefined =>
  runs.reduce<CanaryRun | undefined>(
    (first, run) => (first === undefined || run.sentAtMs < first.sentAtMs ? run : first),
    undefined,
  );

/** What has to be said now that these were settled: one alarm an outage, and one word when a canary that was sent later arrives in time. */
const withNotice = (state: CanaryState, changed: readonly CanaryRun[], nowMs: number): CanaryState => {
  const { outage } = state;
  if (outage === undefined) {
    const missing = oldest(changed.filter(({ status }) => status === 'missing'));
    return missing === undefined ? state : alarmed(state, missing, nowMs);
  }
  const back = oldest(changed.filter(({ status, sentAtMs }) => status === 'arrived' && sentAtMs > outage.sinceMs));
  return back === undefined ? state : recovered(state, back, nowMs);
};

/**
 * The state after a look at the canaries that were under way: the very same object when nothing has changed. A word that is to be sent
 * stands in `notice`; while one stands there nothing is looked at.
 */
export const afterLook = (state: CanaryState, sights: ReadonlyMap<string, Sight>, nowMs: number): CanaryState => {
  if (state.notice !== undefined) return state;
  const runs = state.runs.map((run) => settledRun(run, sights.get(run.event), nowMs));
  const changed = runs.filter((run, at) => run !== state.runs[at]);
  if (changed.length === 0) return state;
  const arrivedMs = newestArrivedMs(runs, state.arrivedMs);
  const next: CanaryState = { ...state, runs, ...(arrivedMs === undefined ? {} : { arrivedMs }) };
  return withNotice(next, changed, nowMs);
};
