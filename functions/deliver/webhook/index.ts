import { webhook } from '../../../shared/channels/webhook/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-webhook`: sends and records a truthful receipt for each message. */
export const handler = deliverFunction(webhook);
