import * as z from 'zod/mini';
import {
  escalateMessageSchema,
  fallbackMessageSchema,
  flushMessageSchema,
  notificationsMessageSchema,
} from '../../shared/domain/messages.ts';
import { queueFunction } from '../../shared/runtime/queue-function.ts';
import { withEscalations } from '../../shared/runtime/stage-ports.ts';
import { fanout } from '../../shared/stages/fanout.ts';

/** Queue `notifications`: sends at once, or holds until the interval of the lane is over; what fails or is late goes on to its next channel, what nobody acknowledges to further groups. */
export const handler = queueFunction({
  queue: 'notifications',
  schema: z.discriminatedUnion('kind', [
    notificationsMessageSchema,
    flushMessageSchema,
    fallbackMessageSchema,
    escalateMessageSchema,
  ]),
  stage: (platform) => fanout(withEscalations(platform)),
});
