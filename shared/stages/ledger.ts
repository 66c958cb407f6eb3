import type { Status } from '../domain/decision.ts';
import type { TableStore } from '../ports/table-store.ts';

/** Notifications by how they stand; balanced when every accepted one is accounted for. */
export interface Ledger extends Record<Exclude<Status, 'in-flight'>, number> {
  accepted: number;
  inFlight: number;
  balanced: boolean;
  /** Event ids of notifications that are not accounted for, at most 20. */
  odd: string[];
}

/** The books, read from the records themselves and not from counters. */
export const readLedger = (store: TableStore): Promise<Ledger> => Promise.reject(new Error(`not built ${store}`));
