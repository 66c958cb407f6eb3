import PostalMime, { type Email } from 'postal-mime';

/** A mail as a reader sees it, and as the sandbox keeps it. */
export interface Letter {
  from: string;
  to: readonly string[];
  messageId: string;
  subject: string;
  text: string;
  html: string;
  headers: Readonly<Record<string, string>>;
  sizeBytes: number;
}

const headersOf = ({ headers }: Email): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const { key, value } of headers) flat[key] = key in flat ? `${flat[key]}\n${value}` : value;
  return flat;
};

/** Reads a raw message; whatever it is, something comes out. */
export const readLetter = async (raw: Buffer, envelope: Pick<Letter, 'from' | 'to'>): Promise<Letter> => {
  const mail = await PostalMime.parse(raw);
  return {
    ...envelope,
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: headersOf(mail),
    sizeBytes: raw.length,
  };
};
