import { MailError, type MailTransport } from '../../ports/mail-transport.ts';

/** A mail transport; the SMTP client comes with the email channel. */
export const createMailTransport = (): MailTransport => ({
  send: () => Promise.reject(new MailError({ code: 'ECONFIG', sent: 'no', message: 'there is no mail transport yet' })),
});
