import { eventsMessageSchema } from '../../shared/domain/messages.ts';
import { queueFunction } from '../../shared/runtime/queue-function.ts';
import { withRoster } from '../../shared/runtime/stage-ports.ts';
import { match } from '../../shared/stages/match.ts';

/** Queue `events`: decides who wants each event. */
export const handler = queueFunction({
  queue: 'events',
  schema: eventsMessageSchema,
  stage: (platform) => match(withRoster(platform)),
});
