import { type Digest, worstLevel } from '../../domain/digest.ts';
import type { Notice } from '../channel.ts';
import type { LeftOut, Sent } from './shortened.ts';

/** Who sends. */
export const SOURCE = 'fenghuo';

const MAX_INSTANT_MS = 8.64e15;

/** The instant as ISO 8601; 1970 for one that no calendar has. */
export const isoOf = (instantMs: number): string =>
  new Date(Math.abs(instantMs) <= MAX_INSTANT_MS ? instantMs : 0).toISOString();

/** What a call tells: one event, several of them, or nothing but that calls arrive. */
export const typeOf = (notice: Notice): string => {
  if (notice.test) return 'notification.test';
  return notice.digest.total === 1 ? 'notification.event' : 'notification.digest';
};

/** Longest address of the console that is told; a longer one is left out whole. */
const MAX_LINK_CHARS = 2_000;

interface NotificationData {
  specversion: string;
  source: string;
  id: string;
  level: string;
  language: string;
  link: string | undefined;
  digest: Digest;
  leftOut: LeftOut | undefined;
  /** Why it is sent again long after it happened; absent for what is not. */
  late: string | undefined;
}

/** What receivers read in both JSON formats: the exact counts and up to ten events. */
export const dataOf = ({ id, language, link, late }: Notice, { digest, leftOut }: Sent): NotificationData => ({
  specversion: '1.0',
  source: SOURCE,
  id,
  level: worstLevel(digest),
  language,
  link: link !== undefined && link.length > MAX_LINK_CHARS ? undefined : link,
  digest,
  leftOut,
  late,
});

/** The body `{type, timestamp, data}` of Standard Webhooks. It is a pure function of the notice, so every attempt sends the same bytes. */
export const standardBody = (notice: Notice, sent: Sent): string =>
  JSON.stringify({ type: typeOf(notice), timestamp: isoOf(notice.digest.lastMs), data: dataOf(notice, sent) });
