import { lark } from '../../../shared/channels/lark/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-lark`: sends and records a truthful receipt for each message. */
export const handler = deliverFunction(lark);
