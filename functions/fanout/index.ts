import * as z from 'zod/mini';
import { flushMessageSchema, notificationsMessageSchema } from '../../shared/domain/messages.ts';
import { queueFunction } from '../../shared/runtime/queue-function.ts';
import { fanout } from '../../shared/stages/fanout.ts';

/** Queue `notifications`: sends at once, or holds until the interval of the lane is over. */
export const handler = queueFunction({
  queue: 'notifications',
  schema: z.discriminatedUnion('kind', [notificationsMessageSchema, flushMessageSchema]),
  stage: (platform) => fanout(platform),
});
