import { ackRoutes } from './ack-routes.ts';
import type { RecordsPorts } from './console-ports.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { inboxRoutes } from './inbox-routes.ts';
import type { Route } from './router.ts';
import { stateRoutes } from './state-routes.ts';

/** Routes about what came in and what became of it: events, deliveries, acknowledgements, the inbox, the books, and how the system stands. */
export const recordsRoutes = (ports: RecordsPorts): readonly Route[] => [
  ...eventRoutes(ports),
  ...deliveryRoutes(ports),
  ...ackRoutes(ports),
  ...inboxRoutes(ports),
  ...stateRoutes(ports),
];
