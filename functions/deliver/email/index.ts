import { email } from '../../../shared/channels/email/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-email`: sends and records a truthful receipt for each message. */
export const handler = deliverFunction(email);
