import { worstLevel } from '../../domain/digest.ts';
import type { Target } from '../../domain/target.ts';
import type { Mail } from '../../ports/mail-transport.ts';
import type { Notice } from '../channel.ts';
import type { NoticeDocument } from '../document.ts';
import { documentOf } from '../notice-document.ts';
import { oneLine, shorten } from '../plain-text.ts';
import { levelName, wordingOf } from '../wording.ts';
import type { Mailbox } from './config.ts';
import { htmlPart } from './html.ts';
import { fitDocument, ROOMS } from './room.ts';
import { LEVEL_COLORS, type Look, TEST_COLOR } from './style.ts';
import { textPart } from './text.ts';
import { messageIdOf, referencesOf } from './thread.ts';
import { senderName } from './words.ts';

/** Both parts together, before they are encoded. Our own bound: Gmail shows no more than 102 KB of a mail (observed, not documented). */
const MAX_PARTS_BYTES = 100_000;
const SUBJECT_CHARS = 120;
const PREVIEW_CHARS = 140;

/** Who a mail is from and for. */
export interface Addressees {
  sender: Mailbox;
  recipient: Mailbox;
  target: Target;
}

const previewOf = ({ blocks }: NoticeDocument): string => {
  const values = blocks.flatMap((block) => (block.kind === 'field' && block.mayDrop !== true ? [block.value] : []));
  const first = blocks.find((block) => block.kind === 'paragraph');
  const text = values.length > 0 ? values.join(' · ') : (first?.text ?? '');
  return shorten(text, PREVIEW_CHARS);
};

const lookOf = (notice: Notice, document: NoticeDocument): Look => {
  const preview = previewOf(document);
  if (notice.test) return { color: TEST_COLOR, badge: wordingOf(notice.language).test, preview };
  if (notice.worded) return { color: LEVEL_COLORS.info, badge: wordingOf(notice.language).notice, preview };
  const level = worstLevel(notice.digest);
  return { color: LEVEL_COLORS[level], badge: levelName(level, notice.language), preview };
};

const partsOf = (notice: Notice, document: NoticeDocument): Pick<Mail, 'text' | 'html'> => {
  const look = lookOf(notice, document);
  return { text: textPart(document), html: htmlPart(document, look) };
};

const fits = ({ text, html }: Pick<Mail, 'text' | 'html'>): boolean =>
  Buffer.byteLength(text) + Buffer.byteLength(html) <= MAX_PARTS_BYTES;

/** The parts with as much of each text as fits. */
const fittedParts = (notice: Notice, document: NoticeDocument): Pick<Mail, 'text' | 'html'> => {
  let parts = { text: '', html: '' };
  for (const valueChars of ROOMS) {
    parts = partsOf(notice, fitDocument(document, valueChars));
    if (fits(parts)) return parts;
  }
  return parts;
};

/** There is no address that ends a subscription by itself: a mail to the sender asks its operator, and the link leads to the settings. */
const unsubscribeOf = ({ sender }: Addressees, { link }: Notice): string => {
  const mailto = `<mailto:${encodeURIComponent(sender.address).replace('%40', '@')}?subject=unsubscribe>`;
  const safe = link !== undefined && URL.canParse(link) && /^https?:/i.test(link);
  return safe ? `${mailto}, <${new URL('/', link).href}>` : mailto;
};

const urgency = (notice: Notice): Record<string, string> =>
  !notice.test && worstLevel(notice.digest) === 'critical' ? { Importance: 'high', 'X-Priority': '1 (Highest)' } : {};

/**
 * One mail: subject with level and what happened, a text and an HTML part of the same content within {@link MAX_PARTS_BYTES}, a
 * Message-ID that is the same on every attempt, and the thread of the incident.
 */
export const renderMail = (notice: Notice, addressees: Addressees): Mail => {
  const { sender, recipient, target } = addressees;
  const document = documentOf(notice, target.timezone);
  return {
    from: { name: senderName(notice.language), address: sender.address },
    to: [{ name: '', address: recipient.address }],
    subject: shorten(oneLine(document.title), SUBJECT_CHARS),
    ...fittedParts(notice, document),
    messageId: messageIdOf(notice, sender.domain),
    references: referencesOf(notice, sender.domain),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': notice.language === 'zh' ? 'zh-CN' : 'en',
      'List-Unsubscribe': unsubscribeOf(addressees, notice),
      ...urgency(notice),
    },
  };
};
