import type { Decision, Status } from '../domain/decision.ts';
import type { Event } from '../domain/event.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { RosterSource } from './roster-source.ts';

/** How one notification of an event stands. */
export interface NotificationReport {
  target: string;
  targetName: string;
  rule: string;
  status: Status;
  delivery?: string;
  code?: string;
  cause?: string;
  fix?: { zh: string; en: string };
}

/** Everything that is known about one event. */
export interface Trace {
  event: Event;
  raw: string;
  notifications: NotificationReport[];
  /** Every decision in order of time. */
  trace: Decision[];
}

/** Everything that is known about one event; undefined when there is no such event. */
export const readTrace =
  (ports: { store: TableStore; roster: RosterSource }) =>
  (eventId: string): Promise<Trace | undefined> =>
    Promise.reject(new Error(`not built ${eventId} ${ports}`));
