import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';

/** What the sweep needs. */
export interface SweepPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** What one sweep did. */
export interface SweepReport {
  redriven: number;
  windowsDue: number;
  balanced: boolean;
}

/** Re-drives overdue windows and stuck work, and closes the books of what is finished. Safe to run anywhere, any time. */
export const sweep = (ports: SweepPorts) => (): Promise<SweepReport> =>
  Promise.reject(new Error(`not built ${ports.clock.nowMs()}`));
