import { SecretsUnreadableError } from '../ports/secrets.ts';
import { StoreUnavailableError } from '../ports/table-store.ts';

/** Whether no message is to blame for this failure: it must cost none an attempt, so that nothing is given up because of it. */
export const isOutage = (error: unknown): boolean =>
  error instanceof StoreUnavailableError || error instanceof SecretsUnreadableError;
