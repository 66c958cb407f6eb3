import type { OutgoingMessage } from './queue.ts';
import type { WriteOp, WriteResult } from './table-store.ts';

/**
 * Rows and the messages that follow from them. The messages are sent only when every write took effect. The embedded store does
 * both in one transaction; a store without transactions writes first and then sends, and the sweep re-drives what a crash
 * between the two left behind.
 */
export interface Outbox {
  commit(writes: readonly WriteOp[], messages: readonly OutgoingMessage[]): Promise<WriteResult[]>;
}
