import { channelName } from '../domain/channel-name.ts';
import type { Notice } from './channel.ts';
import { digestDocument } from './digest-document.ts';
import type { Block, NoticeDocument } from './document.ts';
import { eventDocument } from './event-document.ts';
import { oneLine } from './plain-text.ts';
import { type Reader, spanText, timeText } from './time-text.ts';
import { wordingOf } from './wording.ts';

const testDocument = (notice: Notice): NoticeDocument => {
  const words = wordingOf(notice.language);
  return {
    title: `[${words.test}] ${words.testTitle}`,
    blocks: [{ kind: 'paragraph', text: words.testText }],
    language: notice.language,
  };
};

const linkOf = (notice: Notice): Pick<NoticeDocument, 'link'> => {
  if (notice.link === undefined) return {};
  const words = wordingOf(notice.language);
  return { link: { label: notice.digest.total > 1 ? words.openAll : words.open, url: oneLine(notice.link) } };
};

/** One line that says why the message comes by this way. */
const insteadOf = ({ insteadOf: step, language }: Notice): Block[] => {
  if (step === undefined) return [];
  const channel = channelName(step.channel)[language];
  return [{ kind: 'paragraph', text: oneLine(wordingOf(language).insteadOf(channel, step.name, step.why)) }];
};

/** One line that says that it, or a part of it, waited for the policy to be in its effective period. */
const quietHours = ({ digest: { quiet, total } }: Notice, reader: Reader): Block[] => {
  if (quiet === undefined) return [];
  const count = quiet.count < total ? quiet.count : undefined;
  const since = timeText(quiet.sinceMs, reader);
  return [{ kind: 'paragraph', text: wordingOf(reader.language).quietHours(since, count) }];
};

/** One line that says that this is no news, and why it comes all the same. */
const lateLine = ({ late, language, digest }: Notice, reader: Reader): Block[] => {
  if (late === undefined) return [];
  const when = spanText(digest.firstMs, digest.lastMs, reader);
  return [{ kind: 'paragraph', text: oneLine(wordingOf(language).late(when, late)) }];
};

/** The document of a notice, with times as they are in the reader's zone. */
export const documentOf = (notice: Notice, timeZone: string): NoticeDocument => {
  if (notice.test) return testDocument(notice);
  const reader: Reader = { language: notice.language, timeZone };
  const first = notice.digest.total === 1 ? notice.digest.top[0] : undefined;
  const content = first === undefined ? digestDocument(notice.digest, reader) : eventDocument(first, reader);
  const blocks = [...lateLine(notice, reader), ...insteadOf(notice), ...quietHours(notice, reader), ...content.blocks];
  return { ...content, blocks, ...linkOf(notice), language: notice.language };
};
