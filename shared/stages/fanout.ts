import type { FlushMessage, NotificationsMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { Handled } from './handled.ts';

/** What fanout needs. */
export interface FanoutPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** Sends at once, or holds until the interval of the lane is over and then sends one merged message. */
export const fanout =
  (ports: FanoutPorts) =>
  (messages: readonly (NotificationsMessage | FlushMessage)[]): Promise<Handled[]> =>
    Promise.reject(new Error(`not built ${ports.clock.nowMs()} ${messages.length}`));
