import { consoleGuard } from './access.ts';
import type { ApiReply, ApiRequest } from './api.ts';
import { NOTIFY_ROUTES } from './notify-routes.ts';
import { openApiRoute } from './openapi.ts';
import { pageRoutes } from './page-routes.ts';
import { broughtOnce, createGroupRouter } from './route-groups.ts';
import type { Route } from './router.ts';

/** What the console consists of: its token, and what brings the routes that a call may need. */
export interface ConsoleForm {
  accessToken: string;
  /** What came in and what became of it. */
  records: () => Promise<readonly Route[]>;
  /** The settings, and what tries them out or sets something off. */
  rules: () => Promise<readonly Route[]>;
}

const OWN_HEADS = new Set(['', 'openapi.json']);
const RECORDS_HEADS = new Set(['events', 'deliveries', 'ack', 'inbox', 'ledger', 'healthz', 'readyz', 'metrics']);
const RULES_HEADS = new Set([
  ...['settings', 'contacts', 'chatbots', 'resource-instances', 'overview', 'canary'],
  ...['route', 'what-if', 'replay'],
]);

/**
 * The HTTP API and the page. Each group of routes is brought by the first call for one of them: who looks at events waits for no rules. Throws
 * ApiError for a refusal, StoreUnavailableError when the store is away.
 */
export const createConsole = (form: ConsoleForm): ((request: ApiRequest) => Promise<ApiReply>) => {
  const page = pageRoutes(form.accessToken);
  const [records, rules] = [broughtOnce(form.records), broughtOnce(form.rules)];
  const described = async () => [...(await records()), ...(await rules()), ...page, ...Object.values(NOTIFY_ROUTES)];
  const groups = [
    { heads: OWN_HEADS, routes: () => Promise.resolve([...page, openApiRoute(described)]) },
    { heads: RECORDS_HEADS, routes: records },
    { heads: RULES_HEADS, routes: rules },
  ];
  return createGroupRouter(groups, consoleGuard(form.accessToken));
};
