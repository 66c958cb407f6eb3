import { dingtalk } from '../../../shared/channels/dingtalk/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-dingtalk`: sends and records a truthful receipt for each message. */
export const handler = deliverFunction(dingtalk);
