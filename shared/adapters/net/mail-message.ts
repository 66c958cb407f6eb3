import type { SendMailOptions } from 'nodemailer';
import { type Mail, type MailAddress, MailError } from '../../ports/mail-transport.ts';

/** Nothing that an address list, a comment or a command could begin with, and exactly one `@`. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]+@[^\s@<>()[\]\\,;:"\p{C}]+$/u;
const MAX_ADDRESS_CHARS = 254;
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const MESSAGE_ID = /^<[^\s<>\p{C}]+@[^\s<>\p{C}]+>$/u;
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

const single = (text: string): string => text.replace(BREAKS, ' ').trim();

const bad = (what: string): MailError =>
  new MailError({ code: 'EADDRESS', sent: 'no', message: `not a ${what} of one mailbox` });

const checked = ({ name, address }: MailAddress): MailAddress => {
  if (address.length > MAX_ADDRESS_CHARS || !ADDRESS.test(address)) throw bad('address');
  return { name: single(name), address };
};

const checkedId = (id: string): string => {
  if (!MESSAGE_ID.test(id)) throw new MailError({ code: 'ECONFIG', sent: 'no', message: 'not a Message-ID' });
  return id;
};

const headersOf = (headers: Mail['headers']): Record<string, string> => {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (HEADER_NAME.test(name)) safe[name] = single(value);
  return safe;
};

/**
 * The mail as nodemailer takes it. Addresses are objects, because a text is read as a list of them; every header is one line.
 * Throws {@link MailError} (`EADDRESS`, `ECONFIG`) for an address or a Message-ID that is none.
 */
export const mailMessage = (mail: Mail): SendMailOptions => {
  const references = mail.references.map(checkedId);
  return {
    from: checked(mail.from),
    to: mail.to.map(checked),
    subject: single(mail.subject),
    text: mail.text,
    html: mail.html,
    messageId: checkedId(mail.messageId),
    ...(references.length === 0 ? {} : { references, inReplyTo: references.at(-1) }),
    headers: headersOf(mail.headers),
    xMailer: false,
  };
};
