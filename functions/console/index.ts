import { consoleFunction } from '../../shared/runtime/console-function.ts';

/** HTTP: settings, history, why, books, health, and the page. */
export const handler = consoleFunction();
