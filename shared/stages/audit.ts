import type { WaveKind } from '../domain/ack.ts';
import type { Status } from '../domain/decision.ts';
import { type DeliveryState, deliveryIdOf, deliveryStateSchema, isFinal } from '../domain/delivery.ts';
import { type WindowRecord, windowRecordSchema } from '../domain/lane.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type Followed, followFallback } from './audit-fallback.ts';
import type { DeadWork } from './dead-letters.ts';
import { carrierOf, deliveryRowKey, readDelivery } from './delivery-end.ts';
import { statusOf } from './delivery-status.ts';
import { auditEscalations, type RuleEscalation } from './escalation-audit.ts';
import { type BatchRef, readBatch } from './events-log.ts';
import { FANOUT_PREFIX, fanoutRecordSchema, type Placement } from './fanout-record.ts';
import { windowRowKey } from './hold.ts';
import { type MatchRecord, matchRecordKey, matchRecordSchema } from './match-record.ts';
import { decode, decodeStored, readStored } from './rows.ts';

/** How one notification stands, and by which message it is or will be told. */
export interface Standing {
  event: string;
  target: string;
  rule: string;
  status: Status;
  /** State of the message that carries it, when an attempt has begun. */
  state?: DeliveryState;
  /** The message by itself, when it waited and was merged into the one that carries it. */
  waited?: DeliveryState;
  /** When its queue message went to the dead letters, without an end in its records. */
  givenUpAtMs?: number;
  placement?: Placement;
  record?: WindowRecord;
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

const heldStanding = async (
  ports: AuditPorts,
  placed: Placed,
  chunk: string,
): Promise<Omit<Standing, 'event' | 'target' | 'rule'>> => {
  const { key, window } = placed.placement;
  const record = (await readStored(ports.store, windowRecordSchema, windowRowKey(key, window)))?.value;
  if (record === undefined) return { status: 'deferred' };
  if (record.delivery === undefined || !record.chunks.includes(chunk)) return { status: 'in-flight', record };
  const state = await carrierOf(ports.store, record.delivery);
  const isOver = state !== undefined && isFinal(state);
  const givenUpAtMs = ports.dead.deliveries.get(record.delivery);
  if (!isOver && givenUpAtMs !== undefined) return { status: 'dead', record, givenUpAtMs };
  if (state === undefined) return { status: 'deferred', record };
  const own = state.delivery.id === record.delivery ? undefined : await readDelivery(ports.store, record.delivery);
  const waited = own === undefined ? {} : { waited: own.value };
  return { status: statusOf(state, state.delivery.total === 1), state, ...waited, record };
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

const placementOf = (placed: readonly Placed[], event: string, target: string): Placed | undefined =>
  placed.find(
    ({ placement }) => placement.target === target && (placement.lead === event || placement.held.includes(event)),
  );

const standingOf = async (
  ports: AuditPorts,
  item: { event: string; target: string; rule: string; direct: DeliveryState | undefined },
  source: { placed: readonly Placed[]; batch: string },
): Promise<Standing> => {
  const { event, target, rule, direct } = item;
  const placed = placementOf(source.placed, event, target);
  const base = { event, target, rule, ...(placed === undefined ? {} : { placement: placed.placement }) };
  if (placed?.placement.held.includes(event) === true) {
    return { ...base, ...(await heldStanding(ports, placed, `${source.batch}.${placed.part}`)) };
  }
  return { ...base, ...(await directStanding(ports, direct, deliveryIdOf(event, target))) };
};

/** The delivery that goes on when the first channel fails, and its state: the message by itself, not the one that it was merged into. */
const followed = async (ports: AuditPorts, standing: Standing, mayFallBack: boolean): Promise<Standing> => {
  const state = standing.waited ?? standing.state;
  if (!mayFallBack && state?.delivery.fallback === undefined) return standing;
  const isHeld = standing.placement?.held.includes(standing.event) === true;
  const id = isHeld ? standing.record?.delivery : deliveryIdOf(standing.event, standing.target);
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

/** Follows every notification of a batch through the records to where it stands now. */
export const auditBatch = async (ports: AuditPorts, ref: BatchRef): Promise<BatchAudit> => {
  const { batch } = ref;
  const row = await ports.store.get(matchRecordKey(batch));
  if (row === undefined) return { batch, unmatched: await ownEvents(ports.store, ref), standings: [] };
  const match = decode(matchRecordSchema, row);
  const items = match.items.map(([index, target, , rule, , , , fallback]) => ({
    event: match.eventIds[index] ?? '',
    target,
    rule,
    mayFallBack: fallback !== undefined,
  }));
  const direct = await ports.store.getMany(
    items.map(({ event, target }) => deliveryRowKey(deliveryIdOf(event, target))),
  );
  const placed = match.items.some((item) => item[4] > 0) ? await placedOf(ports.store, batch) : [];
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
