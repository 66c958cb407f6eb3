import { consoleGuard } from './access.ts';
import type { ApiReply, ApiRequest } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { laterRoutes } from './later-routes.ts';
import { openApiRoute } from './openapi.ts';
import { overviewRoutes } from './overview-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { routeRoutes } from './route-routes.ts';
import { createRouter } from './router.ts';
import { sendTestRoutes } from './send-test-routes.ts';
import { settingsHistoryRoutes } from './settings-history-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { stateRoutes } from './state-routes.ts';
import { whatIfRoutes } from './what-if-routes.ts';

/** The HTTP API and the page. Throws ApiError for a refusal, StoreUnavailableError when the store is away. */
export const createConsole = (ports: ConsolePorts): ((request: ApiRequest) => Promise<ApiReply>) => {
  const routes = [
    ...eventRoutes(ports),
    ...deliveryRoutes(ports),
    ...settingsHistoryRoutes(ports),
    ...settingsRoutes(ports),
    ...sendTestRoutes(ports),
    ...routeRoutes(ports),
    ...inboxRoutes(ports),
    ...stateRoutes(ports),
    ...overviewRoutes(ports),
    ...whatIfRoutes(ports),
    ...replayRoutes(ports),
    ...pageRoutes(ports),
    ...laterRoutes,
  ];
  return createRouter([...routes, openApiRoute(routes)], consoleGuard(ports.accessToken));
};
