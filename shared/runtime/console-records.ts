import { recordsRoutes } from '../console/records-routes.ts';
import type { Route } from '../console/router.ts';
import { type ConsoleShared, sharedSettings } from './console-settings.ts';
import { countAcks } from './metered-ports.ts';
import type { Platform } from './platform.ts';

/** The part of the console that shows what came in and what became of it: built into a file of its own, and loaded by the first call for it. */
export const consoleRecords = (platform: Platform, shared: ConsoleShared): readonly Route[] => {
  const { roster } = sharedSettings(platform, shared);
  return recordsRoutes({ ...platform, roster, countAck: countAcks(platform.metrics) });
};
