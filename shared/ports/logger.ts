/** Structured log fields; secrets are redacted by the adapter before anything is written. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One JSON line a call. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
