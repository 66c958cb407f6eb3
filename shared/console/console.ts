import { actionRoutes } from './action-routes.ts';
import type { ApiReply, ApiRequest } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { laterRoutes } from './later-routes.ts';
import { openApiRoute } from './openapi.ts';
import { pageRoutes } from './page-routes.ts';
import { playbookRoutes } from './playbook-routes.ts';
import { resourceInstanceRoutes } from './resource-instance-routes.ts';
import { routeRoutes } from './route-routes.ts';
import { createRouter } from './router.ts';
import { sendTestRoutes } from './send-test-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { callGuard } from './signed-calls.ts';
import { stateRoutes } from './state-routes.ts';

/** The HTTP API and the page. Throws ApiError for a refusal, StoreUnavailableError when the store is away. */
export const createConsole = (ports: ConsolePorts): ((request: ApiRequest) => Promise<ApiReply>) => {
  const routes = [
    ...eventRoutes(ports),
    ...deliveryRoutes(ports),
    ...settingsRoutes(ports),
    ...sendTestRoutes(ports),
    ...resourceInstanceRoutes(ports),
    ...actionRoutes(ports),
    ...playbookRoutes(ports),
    ...routeRoutes(ports),
    ...inboxRoutes(ports),
    ...stateRoutes(ports),
    ...pageRoutes(ports),
    ...laterRoutes,
  ];
  return createRouter([...routes, openApiRoute(routes)], callGuard(ports.accessToken, ports.clock));
};
