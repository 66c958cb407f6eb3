import { redactText, redactValue } from '../domain/redact.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogFields, Logger } from '../ports/logger.ts';

/** Least severe first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** How severe a log line is. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where lines go and which are left out. */
export interface JsonLoggerOptions {
  clock: Clock;
  /** Takes one line with its newline. */
  write: (line: string, level: LogLevel) => void;
  /** Lines below this level are left out. */
  least: LogLevel;
}

const fieldsOf = (fields: LogFields): object => {
  const safe = redactValue(fields);
  return typeof safe === 'object' && safe !== null ? safe : {};
};

/** A logger that writes one JSON object a line. This is the one place where secrets are taken out of what is logged. */
export const createJsonLogger = ({ clock, write, least }: JsonLoggerOptions): Logger => {
  const lineOf =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(least)) return;
      const head = { time: new Date(clock.nowMs()).toISOString(), level, message: redactText(message) };
      write(`${JSON.stringify({ ...head, ...fieldsOf(fields) })}\n`, level);
    };
  return { debug: lineOf('debug'), info: lineOf('info'), warn: lineOf('warn'), error: lineOf('error') };
};
