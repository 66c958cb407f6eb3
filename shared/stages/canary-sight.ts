import type { CanaryFault, CanaryRun, CanaryState } from '../domain/canary-state.ts';
import type { Sight } from '../domain/canary-turn.ts';
import type { TableStore } from '../ports/table-store.ts';
import { auditBatch, type Standing } from './audit.ts';
import type { DeadWork } from './dead-letters.ts';
import { readEventRow } from './events-log.ts';

/** The deadline finds what the dead letters hold; reading all of them every minute would cost more. */
const NOBODY_ASKED: DeadWork = { batches: new Set(), units: new Set(), deliveries: new Map() };

const ARRIVED: ReadonlySet<Standing['status']> = new Set(['delivered', 'merged']);
const LIVE: ReadonlySet<Standing['status']> = new Set(['in-flight', 'deferred']);

const underWay = (stage: CanaryFault['stage']): Sight => ({ kind: 'under-way', fault: { stage, targets: [] } });

const placeOf = ({ target, state }: Standing): CanaryFault['targets'][number] => {
  const code = state?.code ?? state?.attempts.at(-1)?.code;
  return code === undefined ? { target } : { target, code };
};

const sightOfStandings = (standings: readonly Standing[]): Sight => {
  const open = standings.filter(({ status }) => !ARRIVED.has(status));
  if (open.length === 0)
    return { kind: 'arrived', atMs: Math.max(...standings.map(({ state }) => state?.updatedAtMs ?? 0)) };
  const stage = open.every(({ state }) => state === undefined) ? 'handing-over' : 'delivering';
  return {
    kind: open.some(({ status }) => LIVE.has(status)) ? 'under-way' : 'failed',
    fault: { stage, targets: open.map(placeOf) },
  };
};

/** How the records show one canary. */
const sightOf = async (store: TableStore, id: string): Promise<Sight> => {
  const row = await readEventRow(store, id);
  if (row === undefined) return underWay('accepting');
  const ref = { batch: row.batch, receivedAtMs: row.event.receivedAtMs };
  const audit = await auditBatch({ store, dead: NOBODY_ASKED }, ref);
  if (audit.match === undefined) return underWay('matching');
  const standings = audit.standings.filter(({ event }) => event === id);
  return standings.length === 0
    ? { kind: 'failed', fault: { stage: 'no-target', targets: [] } }
    : sightOfStandings(standings);
};

const isUnderWay = ({ status }: CanaryRun): boolean => status === 'under-way';

/** How the records show the canaries that are under way, by the id of their event. */
export const sightsOf = async (store: TableStore, { runs }: CanaryState): Promise<ReadonlyMap<string, Sight>> => {
  const open = runs.filter(isUnderWay);
  return new Map(
    await Promise.all(open.map(async ({ event }): Promise<[string, Sight]> => [event, await sightOf(store, event)])),
  );
};
