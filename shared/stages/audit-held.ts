import type { Status } from '../domain/decision.ts';
import { type DeliveryState, isFinal } from '../domain/delivery.ts';
import { type Hop, hopSchema, type WindowRecord, windowRecordSchema } from '../domain/lane.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { DeadWork } from './dead-letters.ts';
import { carrierOf, readDelivery } from './delivery-end.ts';
import { statusOf } from './delivery-status.ts';
import { windowRowKey } from './hold.ts';
import { hopRowKey } from './hop-rows.ts';
import { readStored } from './rows.ts';

/** A window in which something was held and from which it went on, to another lane or gate. */
export interface PassedWindow {
  record: WindowRecord;
  hop: Hop;
}

/** How something that was held stands. */
export interface HeldStanding {
  status: Status;
  state?: DeliveryState;
  waited?: DeliveryState;
  givenUpAtMs?: number;
  /** The windows that it went through, the first one first; absent when it is or was in one only. */
  passed?: readonly PassedWindow[];
  /** The record of the last window that it came to, when that is closed. */
  record?: WindowRecord;
  /** When what holds it is expected to let it go on, when that is known. */
  untilMs?: number;
}

interface AuditPorts {
  store: TableStore;
  dead: DeadWork;
}

/** So many windows are followed at most; more would mean that the records run in a circle. */
const MAX_WINDOWS = 20;

const toldStanding = async (ports: AuditPorts, record: WindowRecord, id: string): Promise<HeldStanding> => {
  const state = await carrierOf(ports.store, id);
  const isOver = state !== undefined && isFinal(state);
  const givenUpAtMs = ports.dead.deliveries.get(id);
  if (!isOver && givenUpAtMs !== undefined) return { status: 'dead', record, givenUpAtMs };
  if (state === undefined) return { status: 'deferred', record };
  const own = state.delivery.id === id ? undefined : await readDelivery(ports.store, id);
  const waited = own === undefined ? {} : { waited: own.value };
  return { status: statusOf(state, state.delivery.total === 1), state, ...waited, record };
};

interface Place {
  key: string;
  window: number;
  chunk: string;
  untilMs: number | undefined;
}

/** How it stands in this window, or where it went on from there. */
const inWindow = async (
  ports: AuditPorts,
  { key, window, chunk, untilMs }: Place,
): Promise<HeldStanding | PassedWindow> => {
  const record = (await readStored(ports.store, windowRecordSchema, windowRowKey(key, window)))?.value;
  if (record === undefined) return { status: 'deferred', ...(untilMs === undefined ? {} : { untilMs }) };
  if (record.delivery === undefined || !record.chunks.includes(chunk)) return { status: 'in-flight', record };
  if (record.next === undefined) return toldStanding(ports, record, record.delivery);
  const hop = (await readStored(ports.store, hopSchema, hopRowKey(record.delivery)))?.value;
  if (hop === undefined) return { status: 'deferred', record };
  return hop.leads ? toldStanding(ports, record, record.delivery) : { record, hop };
};

/** Follows something that is held, through every lane and gate that it comes to, to where it stands now. */
export const heldStanding = async (ports: AuditPorts, first: Place): Promise<HeldStanding> => {
  const passed: PassedWindow[] = [];
  let place = first;
  while (passed.length < MAX_WINDOWS) {
    const found = await inWindow(ports, place);
    if (!('hop' in found)) return passed.length === 0 ? found : { ...found, passed };
    passed.push(found);
    const { key, window, dueMs } = found.hop;
    place = { key, window, chunk: found.record.delivery ?? '', untilMs: dueMs };
  }
  return { status: 'in-flight', passed };
};
