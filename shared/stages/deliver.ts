import type { Channel } from '../channels/channel.ts';
import type { DeliverMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { Handled } from './handled.ts';
import type { RosterSource } from './roster-source.ts';

/** What delivery needs. */
export interface DeliverPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  http: HttpClient;
  roster: RosterSource;
  /** Base URL of the console for links in messages; absent when none is known. */
  consoleUrl?: string;
}

/** Sends the messages of one channel within the quota of each target and records a truthful receipt for each. */
export const deliver =
  (channel: Channel) =>
  (ports: DeliverPorts) =>
  (messages: readonly DeliverMessage[]): Promise<Handled[]> =>
    Promise.reject(new Error(`not built ${channel.name} ${ports.clock.nowMs()} ${messages.length}`));
