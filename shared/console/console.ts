import { consoleGuard } from './access.ts';
import { ackRoutes } from './ack-routes.ts';
import type { ApiReply, ApiRequest } from './api.ts';
import { canaryRoutes } from './canary-routes.ts';
import { channelWorkRoutes } from './channel-work-routes.ts';
import type { ConsolePorts } from './console-ports.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { NOTIFY_ROUTES } from './notify-routes.ts';
import { openApiRoute } from './openapi.ts';
import { overviewRoutes } from './overview-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { resourceInstanceRoutes } from './resource-instance-routes.ts';
import { createRouter } from './router.ts';
import { sendTestRoutes } from './send-test-routes.ts';
import { settingsHistoryRoutes } from './settings-history-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { stateRoutes } from './state-routes.ts';

/** The HTTP API and the page. Throws ApiError for a refusal, StoreUnavailableError when the store is away. */
export const createConsole = (ports: ConsolePorts): ((request: ApiRequest) => Promise<ApiReply>) => {
  const routes = [
    ...eventRoutes(ports),
    ...deliveryRoutes(ports),
    ...settingsHistoryRoutes(ports),
    ...settingsRoutes(ports),
    ...sendTestRoutes(ports),
    ...resourceInstanceRoutes(ports),
    ...inboxRoutes(ports),
    ...stateRoutes(ports),
    ...overviewRoutes(ports),
    ...canaryRoutes(ports),
    ...channelWorkRoutes(ports),
    ...ackRoutes(ports),
    ...pageRoutes(ports),
  ];
  const described = [...routes, ...Object.values(NOTIFY_ROUTES)];
  return createRouter([...routes, openApiRoute(described)], consoleGuard(ports.accessToken));
};
