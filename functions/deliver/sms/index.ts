import { sms } from '../../../shared/channels/sms/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-sms`: sends and records a truthful receipt for each message. */
export const handler = deliverFunction(sms);
