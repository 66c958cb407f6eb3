import { durationMs } from './duration.ts';
import type { Settings } from './settings.ts';

/** How long things are kept, in milliseconds; what is absent is kept for ever. */
export interface Retention {
  /** Events with their raw bodies, and what was decided about them; from the instant at which they came in. */
  eventsMs?: number;
  /** Receipts and internal messages, from the instant of their last change. */
  deliveriesMs?: number;
}

/** What the file says about keeping. Receipts are kept at least as long as events, because without them nobody could say what became of an event. */
export const retentionOf = ({ retention = {} }: Settings): Retention => {
  const eventsMs = retention.events === undefined ? undefined : durationMs(retention.events);
  const written = retention.deliveries === undefined ? undefined : durationMs(retention.deliveries);
  const isKept = written === undefined || eventsMs === undefined;
  return {
    ...(eventsMs === undefined ? {} : { eventsMs }),
    ...(isKept ? {} : { deliveriesMs: Math.max(written, eventsMs) }),
  };
};
