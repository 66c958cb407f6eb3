import { channelName } from '../domain/channel-name.ts';
import type { Notice } from './channel.ts';
import { digestDocument } from './digest-document.ts';
import type { Block, NoticeDocument } from './document.ts';
import { eventDocument } from './event-document.ts';
import { oneLine } from './plain-text.ts';
import type { Reader } from './time-text.ts';
import { wordedDocument } from './worded-document.ts';
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

/** The document of a notice, with times as they are in the reader's zone. */
export const documentOf = (notice: Notice, timeZone: string): NoticeDocument => {
  if (notice.test) return testDocument(notice);
  if (notice.worded !== undefined) return wordedDocument(notice.worded, notice.language);
  const reader: Reader = { language: notice.language, timeZone };
  const first = notice.digest.total === 1 ? notice.digest.top[0] : undefined;
  const content = first === undefined ? digestDocument(notice.digest, reader) : eventDocument(first, reader);
  const blocks = [...insteadOf(notice), ...content.blocks];
  return { ...content, blocks, ...linkOf(notice), language: notice.language };
};
