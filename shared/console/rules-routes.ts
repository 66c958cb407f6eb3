import { canaryRoutes } from './canary-routes.ts';
import { channelWorkRoutes } from './channel-work-routes.ts';
import type { ConsolePorts } from './console-ports.ts';
import { overviewRoutes } from './overview-routes.ts';
import { resourceInstanceRoutes } from './resource-instance-routes.ts';
import type { Route } from './router.ts';
import { sendTestRoutes } from './send-test-routes.ts';
import { settingsHistoryRoutes } from './settings-history-routes.ts';
import { settingsRoutes } from './settings-routes.ts';

/** Routes about the settings, and those that try out or set off what they say. */
export const rulesRoutes = (ports: ConsolePorts): readonly Route[] => [
  ...settingsHistoryRoutes(ports),
  ...settingsRoutes(ports),
  ...sendTestRoutes(ports),
  ...resourceInstanceRoutes(ports),
  ...overviewRoutes(ports),
  ...canaryRoutes(ports),
  ...channelWorkRoutes(ports),
];
