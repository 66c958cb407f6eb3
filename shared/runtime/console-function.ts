import { createConsole } from '../console/console.ts';
import type { ConsoleShared } from './console-settings.ts';
import type { FunctionHandler } from './function-context.ts';
import type { HttpResult } from './http-event.ts';
import { httpFunction } from './http-function.ts';

/** The function that serves the HTTP API and the page, for people and programs: settings, history, why. */
export const consoleFunction = (): FunctionHandler<HttpResult> =>
  httpFunction('console', (platform) => {
    const shared: ConsoleShared = {};
    return createConsole({
      accessToken: platform.accessToken,
      records: async () => (await import('./console-records.ts')).consoleRecords(platform, shared),
      rules: async () => (await import('./console-rules.ts')).consoleRules(platform, shared),
    });
  });
