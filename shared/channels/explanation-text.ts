import { redactText } from '../domain/redact.ts';
import { oneLine, shorten } from './plain-text.ts';

const MAX_CHARS = 300;
/** Enough to fill the text after redaction; a longer answer is not searched through. */
const READ_CHARS = 4_000;

/** A provider's own words as they may be stored and shown: one line of at most 300 characters without URL, token or address. */
export const explanationText = (words: string, secrets: readonly string[]): string =>
  shorten(oneLine(redactText(words.slice(0, READ_CHARS), secrets)), MAX_CHARS);
