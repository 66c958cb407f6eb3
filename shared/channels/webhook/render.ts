import { worstLevel } from '../../domain/digest.ts';
import type { Notice } from '../channel.ts';

const SOURCE = 'fenghuo';
const MAX_INSTANT_MS = 8.64e15;

const isoOf = (instantMs: number): string =>
  new Date(Math.abs(instantMs) <= MAX_INSTANT_MS ? instantMs : 0).toISOString();

const typeOf = (notice: Notice): string => {
  if (notice.test) return 'notification.test';
  return notice.digest.total === 1 ? 'notification.event' : 'notification.digest';
};

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** JSON without half a character, which strict receivers refuse; such text is rare, so it is looked for in the result. */
const wholeJson = (value: unknown): string => {
  const text = JSON.stringify(value);
  if (!text.includes('\\ud')) return text;
  return JSON.stringify(value, (_, part) => (typeof part === 'string' ? part.replace(LONE_SURROGATE, '\ufffd') : part));
};

/**
 * The body of one webhook call: `{type, timestamp, data}`, where data carries the exact counts and up to ten events. It is a pure
 * function of the notice, so every attempt sends the same bytes.
 */
export const renderWebhookBody = (notice: Notice): string => {
  const { digest } = notice;
  return wholeJson({
    type: typeOf(notice),
    timestamp: isoOf(digest.lastMs),
    data: {
      specversion: '1.0',
      source: SOURCE,
      id: notice.id,
      level: worstLevel(digest),
      language: notice.language,
      link: notice.link,
      digest,
    },
  });
};
