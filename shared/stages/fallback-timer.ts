import { hasFailed } from '../domain/delivery.ts';
import type { FallbackMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { carrierOf } from './delivery-end.ts';
import { fallBack } from './fall-back.ts';
import { DONE, type Handled } from './handled.ts';
import { fallbackAt } from './outgoing.ts';

interface TimerPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/**
 * Looks at a delivery when its time is over: what is told needs nothing more, what failed goes on (if it did not already), and what is
 * still under way goes on as well, because it is late. Its own way is not stopped by that.
 */
export const fallBackWhenLate =
  (ports: TimerPorts) =>
  async ({ delivery, dueMs }: FallbackMessage): Promise<Handled> => {
    const state = await carrierOf(ports.store, delivery.id);
    if (state?.status === 'delivered') return DONE;
    const failed = state !== undefined && hasFailed(state);
    if (failed || dueMs <= ports.clock.nowMs()) await fallBack(ports, delivery, failed ? 'failed' : 'late');
    else await ports.outbox.commit([], [fallbackAt(delivery, { dueMs, nowMs: ports.clock.nowMs() })]);
    return DONE;
  };
