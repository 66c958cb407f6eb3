import * as z from 'zod/mini';
import { name } from './settings-forms.ts';

const MAX_SUBJECT_CHARS = 200;
const MAX_CONTENT_CHARS = 8_000;

const words = (maxChars: number) => z.string().check(z.minLength(1), z.maxLength(maxChars));
const inBoth = (maxChars: number) => z.strictObject({ zh: words(maxChars), en: words(maxChars) });

/** One template of Message Center, in both languages; `$name` stands for a variable. */
export const messageTemplate = z.strictObject({
  eventId: name,
  subject: inBoth(MAX_SUBJECT_CHARS),
  content: inBoth(MAX_CONTENT_CHARS),
});
