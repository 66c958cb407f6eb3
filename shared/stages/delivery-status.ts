import type { Status } from '../domain/decision.ts';
import type { DeliveryState } from '../domain/delivery.ts';

const LIVE: Partial<Record<DeliveryState['status'], Status>> = {
  sending: 'in-flight',
  waiting: 'deferred',
  retrying: 'deferred',
};

/** How a notification stands when the message that carries it stands like this; `alone` when it is told by itself. */
export const statusOf = (state: DeliveryState | undefined, alone: boolean): Status => {
  if (state === undefined) return 'in-flight';
  const live = LIVE[state.status];
  if (live !== undefined) return live;
  if (state.status === 'merged') return 'deferred';
  if (state.status === 'delivered') return alone ? 'delivered' : 'merged';
  return state.status === 'refused' || state.status === 'suppressed' ? state.status : 'dead';
};
