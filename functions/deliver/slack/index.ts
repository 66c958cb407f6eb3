import { slack } from '../../../shared/channels/slack/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-slack`: sends and records a truthful receipt for each message. */
export const handler = deliverFunction(slack);
