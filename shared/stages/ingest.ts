import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';

/** What ingest needs. */
export interface IngestPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** The body of one call as it came, and its content type (empty when the caller named none). */
export interface IngestInput {
  text: string;
  contentType: string;
}

/** One accepted event; `duplicate` when this very event had been accepted before. */
export interface AcceptedEvent {
  id: string;
  name: string;
  duplicate: boolean;
}

/** One item that could not be understood, by its position in the call. */
export interface RejectedItem {
  index: number;
  code: string;
  message: string;
}

/** What became of one call; `accepted` events are durable and on their way. */
export interface IngestResult {
  accepted: AcceptedEvent[];
  rejected: RejectedItem[];
}

/** Takes any supported envelope; resolves when every accepted event is in the store and on the queue. */
export const ingest =
  (ports: IngestPorts) =>
  (input: IngestInput): Promise<IngestResult> =>
    Promise.reject(new Error(`not built ${ports.clock.nowMs()} ${input.text}`));
