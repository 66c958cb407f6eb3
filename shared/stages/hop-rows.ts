import type { RowKey } from '../ports/table-store.ts';

/** Where it stands to which lane or gate the digest of a closed window went on, by the id of the message that tells it. */
export const hopRowKey = (delivery: string): RowKey => ({ table: 'decisions', pk: delivery, sk: 'hop' });
