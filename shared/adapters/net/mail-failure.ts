import type { NodemailerError } from 'nodemailer';
import { CERTIFICATE_CODES } from '../../domain/certificate-codes.ts';
import { MailError, type MailStage } from '../../ports/mail-transport.ts';
import { serverWords } from './server-words.ts';

/** Nearer causes that tell more than what nodemailer makes of them: that the socket or the stream failed. */
const NEARER_CODES = new Set(['EFILEACCESS', 'EURLACCESS', ...CERTIFICATE_CODES]);

const OWN_NAMES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'EDNS',
  EAI_AGAIN: 'EDNS',
  ABORT_ERR: 'ETIMEDOUT',
  EABORT: 'ETIMEDOUT',
};

const STAGES: readonly (readonly [RegExp, MailStage])[] = [
  [/^AUTH/, 'login'],
  [/^MAIL/, 'sender'],
  [/^RCPT/, 'recipient'],
  [/^DATA/, 'content'],
];

const asMailerError = (error: unknown): NodemailerError =>
  error instanceof Error ? (error as NodemailerError) : new Error('unknown failure');

const codeOf = ({ code = 'EUNKNOWN', originalCode }: NodemailerError): string => {
  if (typeof originalCode === 'string' && NEARER_CODES.has(originalCode)) return originalCode;
  return OWN_NAMES[code] ?? code;
};

const stageOf = ({ command = '' }: NodemailerError): MailStage =>
  STAGES.find(([pattern]) => pattern.test(command))?.[1] ?? 'connect';

/** The message of the cause may hold an address, so only what is known to matter is repeated. */
const textOf = (error: NodemailerError, code: string): string => {
  if (/wrong version number/i.test(error.message))
    return `the server does not begin with TLS: wrong version number (${code})`;
  return `the mail was not taken (${code})`;
};

/**
 * What a failure of nodemailer, or of the connection that it was given, means. `written` says whether the whole content had been handed
 * to the connection: from then on, without an answer, nobody knows whether the mail was taken.
 */
export const mailFailure = (cause: unknown, written: boolean): MailError => {
  if (cause instanceof MailError) return cause;
  const error = asMailerError(cause);
  const code = codeOf(error);
  const { responseCode, response } = error;
  return new MailError(
    {
      code,
      sent: written && responseCode === undefined ? 'maybe' : 'no',
      message: textOf(error, code),
      stage: written ? 'content' : stageOf(error),
      ...(responseCode === undefined ? {} : { responseCode }),
      ...(response === undefined ? {} : { response: serverWords(response) }),
    },
    { cause },
  );
};
