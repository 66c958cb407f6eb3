import { wecom } from '../../../shared/channels/wecom/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-wecom`: sends and records a truthful receipt for each message. */
export const handler = deliverFunction(wecom);
