import { voice } from '../../../shared/channels/voice/index.ts';
import { deliverFunction } from '../../../shared/runtime/deliver-function.ts';

/** Queue `deliver-voice`: calls and records a truthful receipt for each message. */
export const handler = deliverFunction(voice);
