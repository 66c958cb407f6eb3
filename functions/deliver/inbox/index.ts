import { inbox } from '../../../shared/channels/inbox/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-inbox`: keeps each message for its user and records a truthful receipt. */
export const handler = deliverFunction(inbox);
