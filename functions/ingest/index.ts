import { ingestFunction } from '../../shared/runtime/ingest-function.ts';

/** HTTP and triggers of cloud events: takes events in any envelope; answers 202, or ends well, only when they are durable and on their way. */
export const handler = ingestFunction();
