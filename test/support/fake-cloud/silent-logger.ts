import type { Logger } from '../../../shared/ports/logger.ts';

const nothing = (): void => undefined;

/** Says nothing. */
export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
