import { worstLevel } from '../../domain/digest.ts';
import type { InboxMessage } from '../../domain/inbox.ts';
import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import {
  bodyText,
  type Dialect,
  firstFitting,
  PLAIN,
  ROOMS,
  type Room,
  usableLink,
  usableLinks,
} from '../document-text.ts';
import { documentOf } from '../notice-document.ts';
import { shorten } from '../plain-text.ts';

/** A message as it is stored, in bytes of its JSON: some five screens of Chinese, and a list of fifty messages stays below 1 MB. */
export const MAX_MESSAGE_BYTES = 16_384;

const TITLE_CHARS = 200;

/** Nobody is mentioned in an inbox, so the words stay exactly as they are, to be copied. */
const WORDS: Dialect = { ...PLAIN, escape: (text) => text, bullet: (text) => `• ${text}` };

const INBOX_ROOMS: readonly Room[] = [{ valueChars: 2_000, items: 10, details: true }, ...ROOMS];

const fits = (message: InboxMessage): boolean => Buffer.byteLength(JSON.stringify(message)) <= MAX_MESSAGE_BYTES;

/** The message as plain text with as much as fits into {@link MAX_MESSAGE_BYTES}, else its title alone. */
export const renderInboxMessage = (notice: Notice, target: Target, atMs: number): InboxMessage => {
  const document = documentOf(notice, target.timezone);
  const link = usableLink(document)?.url;
  const [ack] = usableLinks({ ack: document.ack });
  const bare: InboxMessage = {
    id: notice.id,
    title: shorten(document.title, TITLE_CHARS),
    text: '',
    level: worstLevel(notice.digest),
    language: notice.language,
    events: notice.digest.total,
    ...(notice.test ? { test: true } : {}),
    atMs,
  };
  const write = (room: Room): InboxMessage => ({
    ...bare,
    ...(link === undefined ? {} : { link }),
    ...(ack === undefined ? {} : { ack: ack.url }),
    text: bodyText(document, { dialect: WORDS, room, language: notice.language }),
  });
  return firstFitting(INBOX_ROOMS, write, fits) ?? bare;
};
