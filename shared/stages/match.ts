import type { EventsMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { Handled } from './handled.ts';
import type { RosterSource } from './roster-source.ts';

/** What match needs. */
export interface MatchPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  roster: RosterSource;
}

/** Decides who wants each event: one notification per target, recorded once per batch and then on the queue. */
export const match =
  (ports: MatchPorts) =>
  (messages: readonly EventsMessage[]): Promise<Handled[]> =>
    Promise.reject(new Error(`not built ${ports.clock.nowMs()} ${messages.length}`));
