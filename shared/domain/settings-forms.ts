import * as z from 'zod/mini';
import { DURATION_FORM, INTERVAL_FORM } from './duration.ts';
import { levelOfWord, levelWords } from './level.ts';
import { nearestOf } from './settings-nearest.ts';

const levelMessage = (word: unknown): string => {
  const nearest = nearestOf(String(word).toLowerCase(), levelWords());
  return nearest === undefined ? 'is not a known level word' : `is not a known level word; did you mean "${nearest}"?`;
};

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const isHttpUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:');
};

/** Methods by which a contact can be reached; each robot, whatever its maker, is a webhook. */
export const METHODS = ['webhook', 'sms', 'voice', 'email', 'inbox'] as const;

/** A method by which a contact can be reached. */
export const method = z.enum(METHODS);

/** The name of an object of the file. */
export const name = z
  .string()
  .check(z.regex(/^(?!\s)[^\p{Cc}]{1,100}(?<!\s)$/u, 'must be 1 to 100 characters without spaces at its ends'));

/** A text that says something. */
export const text = z.string().check(z.minLength(1), z.maxLength(1_000));

/** Words of a filter, keywords and the like. */
export const texts = z.array(text);

/** Names of other objects of the file. */
export const names = z.array(name);

/** A level in our words or in those of a vendor. */
export const levelWord = z
  .string()
  .check(z.refine((word) => levelOfWord(word) !== undefined, { error: (i) => levelMessage(i.input) }));

/** The same in a filter, where `*` stands for every level, as in the vendor's event rules. */
export const filterLevelWord = z
  .string()
  .check(z.refine((word) => word === '*' || levelOfWord(word) !== undefined, { error: (i) => levelMessage(i.input) }));

/** A duration such as `5m`. */
export const duration = z.string().check(z.regex(DURATION_FORM, 'must be a duration such as 90s, 5m or 2h'));

/** A duration, or `none`. */
export const interval = z.string().check(z.regex(INTERVAL_FORM, 'must be "none" or a duration such as 90s, 5m or 2h'));

/** A time of day. */
export const clockTime = z
  .string()
  .check(z.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day such as "08:00"'));

/** A span of the day, or any time. */
export const notifyAt = z
  .string()
  .check(
    z.regex(
      /^(any|([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00))$/,
      'must be "any" or such as "08:00-22:00"',
    ),
  );

/** An http or https URL. */
export const url = z
  .string()
  .check(z.maxLength(2_048), z.refine(isHttpUrl, 'must be a URL that begins with https:// or http://'));

/** The IANA name of a time zone. */
export const timezone = z
  .string()
  .check(z.refine(isZone, 'must be the IANA name of a time zone, such as Asia/Shanghai'));

/** A password, signing secret or authorization code. */
export const secret = z.string().check(z.minLength(1), z.maxLength(1_000));
