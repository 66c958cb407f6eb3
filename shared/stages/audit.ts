import type { WaveKind } from '../domain/ack.ts';
import type { Status } from '../domain/decision.ts';
import { type DeliveryState, deliveryIdOf, deliveryStateSchema, isFinal } from '../domain/delivery.ts';
import { type Gate, isGate } from '../domain/gate.ts';
import type { WindowRecord } from '../domain/lane.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type Followed, followFallback } from './audit-fallback.ts';
import { heldStanding, type PassedWindow } from './audit-held.ts';
import type { DeadWork } from './dead-letters.ts';
import { carrierOf, deliveryRowKey } from './delivery-end.ts';
import { statusOf } from './delivery-status.ts';
import { auditEscalations, type RuleEscalation } from './escalation-audit.ts';
import { type BatchRef, readBatch } from './events-log.ts';
import { FANOUT_PREFIX, fanoutRecordSchema, type Placement } from './fanout-record.ts';
import { type MatchRecord, matchRecordKey, matchRecordSchema } from './match-record.ts';
import { decode, decodeStored } from './rows.ts';

/** How one notification stands, and by which message it is or will be told. */
export interface Standing {
  event: string;
  target: string;
  rule: string;
  /** Id of the message that tells it by itself, whether there is one or not; absent when there can be none. */
  own?: string;
  status: Status;
  /** State of the message that carries it, when an attempt has begun. */
  state?: DeliveryState;
  /** The message by itself, when it waited and was merged into the one that carries it. */
  waited?: DeliveryState;
  /** When its queue message went to the dead letters, without an end in its records. */
  givenUpAtMs?: number;
  placement?: Placement;
  /** What it must wait for before its lane; absent when for nothing. */
  gate?: Gate;
  /** The placement at the gate that let it through at once, when one did. */
  entered?: Placement;
  /** The windows that it went through before the last one. */
  passed?: readonly PassedWindow[];
  record?: WindowRecord;
  /** When what holds it is expected to let it go on, when that is known. */
  untilMs?: number;
  /** Where it went on, and what came of that; absent when it has no fallback. */
  followed?: Followed;
  /** The message that tells it, and its step, when it is there because nobody acknowledged. */
  wave?: { id: string; kind: WaveKind; n: number };
}

/** One batch as its records tell it; no match record when match has not decided yet. */
export interface BatchAudit {
  batch: string;
  match?: MatchRecord;
  /** Events of the batch that wait for match; what the log names but another batch owns is not among them. */
  unmatched: string[];
  standings: Standing[];
  /** Rules that tell more when nobody acknowledges; absent when there are none. */
  escalations?: RuleEscalation[];
}

interface Placed {
  part: string;
  placement: Placement;
}

interface AuditPorts {
  store: TableStore;
  dead: DeadWork;
}

const placedOf = async (store: TableStore, batch: string): Promise<Placed[]> => {
  const rows = await store.range({
    table: 'decisions',
    pk: batch,
    from: FANOUT_PREFIX,
    to: `${FANOUT_PREFIX}\uffff`,
    limit: 5_000,
  });
  return rows.flatMap((row) =>
    decode(fanoutRecordSchema, row).placements.map((placement) => ({
      part: row.sk.slice(FANOUT_PREFIX.length),
      placement,
    })),
  );
};

const directStanding = async (
  ports: AuditPorts,
  known: DeliveryState | undefined,
  id: string,
): Promise<Omit<Standing, 'event' | 'target' | 'rule'>> => {
  const givenUpAtMs = ports.dead.deliveries.get(id);
  if (givenUpAtMs !== undefined && !(known !== undefined && isFinal(known)))
    return { status: 'dead', givenUpAtMs, ...(known ? { state: known } : {}) };
  if (known === undefined || known.status !== 'merged')
    return { status: statusOf(known, true), ...(known ? { state: known } : {}) };
  const carrier = await carrierOf(ports.store, id);
  if (carrier === undefined) return { status: 'deferred', waited: known };
  return { status: statusOf(carrier, carrier.delivery.total === 1), state: carrier, waited: known };
};

const placementsOf = (placed: readonly Placed[], event: string, target: string): Placed[] =>
  placed.filter(
    ({ placement }) => placement.target === target && (placement.lead === event || placement.held.includes(event)),
  );

const letThrough = ({ placement }: Placed, event: string): boolean => isGate(placement.key) && placement.lead === event;

const standingOf = async (
  ports: AuditPorts,
  item: { event: string; target: string; rule: string; gate: Gate | undefined; direct: DeliveryState | undefined },
  source: { placed: readonly Placed[]; batch: string },
): Promise<Standing> => {
  const { event, target, rule, gate, direct } = item;
  const all = placementsOf(source.placed, event, target);
  const entered = all.find((one) => letThrough(one, event))?.placement;
  const placed = all.find((one) => !letThrough(one, event));
  const own = deliveryIdOf(source.batch, event, target);
  const base = {
    event,
    target,
    rule,
    own,
    ...(gate === undefined ? {} : { gate }),
    ...(entered === undefined ? {} : { entered }),
    ...(placed === undefined ? {} : { placement: placed.placement }),
  };
  if (placed?.placement.held.includes(event) === true) {
    const { key, window, dueMs } = placed.placement;
    const chunk = `${source.batch}.${placed.part}`;
    return { ...base, ...(await heldStanding(ports, { key, window, chunk, untilMs: dueMs })) };
  }
  return { ...base, ...(await directStanding(ports, direct, own)) };
};

/** The delivery that goes on when the first channel fails, and its state: the message by itself, not the one that it was merged into. */
const followed = async (ports: AuditPorts, standing: Standing, mayFallBack: boolean): Promise<Standing> => {
  const state = standing.waited ?? standing.state;
  if (!mayFallBack && state?.delivery.fallback === undefined) return standing;
  const isHeld = standing.placement?.held.includes(standing.event) === true;
  const id = isHeld ? standing.record?.delivery : standing.own;
  if (id === undefined) return standing;
  const result = await followFallback(ports, { status: standing.status, id, state });
  return { ...standing, status: result.status, followed: result };
};

const isDeadUnit = (dead: DeadWork, batch: string): boolean => {
  for (const unit of dead.units) if (unit.startsWith(`${batch}.`)) return true;
  return false;
};

const withDeadUnits = (dead: DeadWork, batch: string, standings: Standing[]): Standing[] => {
  if (!isDeadUnit(dead, batch)) return standings;
  return standings.map((standing) =>
    standing.status === 'in-flight' && standing.state === undefined ? { ...standing, status: 'dead' } : standing,
  );
};

const ownEvents = async (store: TableStore, ref: BatchRef): Promise<string[]> =>
  (await readBatch(store, ref))?.events.map(({ id }) => id) ?? [];

/** A replay is told by one message of its own; until that begins, it is on its way. */
const replayStandings = async (ports: AuditPorts, match: MatchRecord, delivery: string): Promise<Standing[]> => {
  const state = await carrierOf(ports.store, delivery);
  const givenUpAtMs = state !== undefined && isFinal(state) ? undefined : ports.dead.deliveries.get(delivery);
  const live: Status = state === undefined ? 'deferred' : statusOf(state, state.delivery.total === 1);
  const known = state === undefined ? {} : { state };
  const end = givenUpAtMs === undefined ? { status: live } : { status: 'dead' as const, givenUpAtMs };
  return match.items.map(([index, target, , rule]) => ({
    event: match.eventIds[index] ?? '',
    target,
    rule,
    ...known,
    ...end,
  }));
};

/** Follows every notification of a batch through the records to where it stands now. */
export const auditBatch = async (ports: AuditPorts, ref: BatchRef): Promise<BatchAudit> => {
  const { batch } = ref;
  const row = await ports.store.get(matchRecordKey(batch));
  const match = row === undefined ? undefined : decode(matchRecordSchema, row);
  if (match === undefined || match.lost) return { batch, unmatched: await ownEvents(ports.store, ref), standings: [] };
  if (match.replay !== undefined)
    return { batch, match, unmatched: [], standings: await replayStandings(ports, match, match.replay.delivery) };
  const items = match.items.map(([index, target, , rule, , , , fallback, gate]) => ({
    event: match.eventIds[index] ?? '',
    target,
    rule,
    gate,
    mayFallBack: fallback !== undefined && fallback !== null,
  }));
  const direct = await ports.store.getMany(
    items.map(({ event, target }) => deliveryRowKey(deliveryIdOf(batch, event, target))),
  );
  const placed = match.items.some((item) => item[4] > 0 || item[8] !== undefined)
    ? await placedOf(ports.store, batch)
    : [];
  const standings = await Promise.all(
    items.map(async (item, index) => {
      const known = decodeStored(deliveryStateSchema, direct[index])?.value;
      const standing = await standingOf(ports, { ...item, direct: known }, { placed, batch });
      return followed(ports, standing, item.mayFallBack);
    }),
  );
  const base = { batch, match, unmatched: [], standings: withDeadUnits(ports.dead, batch, standings) };
  if (match.escalates === undefined) return base;
  const more = await auditEscalations(ports, match, batch);
  return { ...base, standings: [...base.standings, ...more.standings], escalations: more.escalations };
};
