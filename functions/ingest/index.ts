import { ingestGuard } from '../../shared/console/access.ts';
import { ingestRoutes } from '../../shared/console/ingest-routes.ts';
import { createRouter } from '../../shared/console/router.ts';
import { httpFunction } from '../../shared/runtime/http-function.ts';
import { countIngest } from '../../shared/runtime/metered-ports.ts';

/** HTTP: takes events in any envelope; 202 only when they are durable and on their way. */
export const handler = httpFunction('ingest', (platform) =>
  createRouter(ingestRoutes(platform, countIngest(platform.metrics)), ingestGuard(platform.accessToken)),
);
