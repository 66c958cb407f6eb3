/** A mail server and who logs in there. The password must never be logged or shown. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte (465); false: STARTTLS is required before anything is said (587). */
  implicitTls: boolean;
  user: string;
  password: string;
}

/** One address with the name shown beside it; never a list in one text. */
export interface MailAddress {
  name: string;
  address: string;
}

/** One mail. Header values are single lines; attachments, files and URLs do not exist. */
export interface Mail {
  from: MailAddress;
  to: readonly MailAddress[];
  subject: string;
  text: string;
  html: string;
  /** With angle brackets; the same on every attempt. */
  messageId: string;
  /** Message-IDs of the thread, oldest first. */
  references: readonly string[];
  /** Further headers, such as `List-Unsubscribe`. */
  headers: Readonly<Record<string, string>>;
}

/** What a mail asks of the transport. */
export interface MailRequest {
  server: MailServer;
  mail: Mail;
  /** The whole exchange ends after that long. */
  timeoutMs: number;
}

/** The server took the mail for at least one recipient. */
export interface MailReceipt {
  /** The server's last words. */
  response: string;
  /** Recipients that were refused although others were taken, with the words of the server. */
  rejected: readonly { address: string; response: string }[];
}

/** How far a mail came: which step the server refused, or was in when the connection ended. */
export type MailStage = 'connect' | 'login' | 'sender' | 'recipient' | 'content';

interface MailErrorDetails {
  code: string;
  sent: 'no' | 'maybe';
  message: string;
  responseCode?: number;
  response?: string;
  /** `connect` when absent. */
  stage?: MailStage;
}

/**
 * Why a mail was not taken. `sent` says whether it may have been taken all the same: `maybe` when the connection ended after the
 * content was sent and before the answer. `responseCode` and `response` are the server's, absent when it said nothing. `code` is
 * nodemailer's, that of the certificate, `ESSRF` for a server that must not be reached, `EPORT` for port 25, `EADDRESS` for an
 * address that is none, or `EBUSY` when too many senders are at work at once.
 */
export class MailError extends Error {
  readonly code: string;
  readonly sent: 'no' | 'maybe';
  readonly responseCode: number | undefined;
  readonly response: string;
  readonly stage: MailStage;
  constructor(details: MailErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'MailError';
    this.code = details.code;
    this.sent = details.sent;
    this.responseCode = details.responseCode;
    this.response = details.response ?? '';
    this.stage = details.stage ?? 'connect';
  }

  /** True for the class of any bundle: the host throws its own copy into functions that carry theirs. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'MailError' && 'sent' in value;
  }
}

/** Sends mails over kept connections, only to servers that the operator allows. Throws {@link MailError}. */
export interface MailTransport {
  send(request: MailRequest): Promise<MailReceipt>;
}
