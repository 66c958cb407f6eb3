import type { Refusal } from '../second-form.ts';
import type { Form } from './letter.ts';
import { exactCode } from './reply-table.ts';

/** Schema 2.0 does not know something in the card; schema 1.0 ignores what it does not know. */
const SCHEMA_CODES: ReadonlySet<string> = new Set(['200861']);
/** Somebody must not or cannot be mentioned. */
const MENTION_CODES: ReadonlySet<string> = new Set(['11235', '100290']);

/**
 * The form for the one further attempt after this refusal: a card of schema 1.0 when only the schema was wrong,
 * the same look without mentions when they were, rich text for any other defect of the form, text when it was too large. Undefined
 * when the form was not the reason.
 */
export const simplerForm = (refusal: Refusal): Form | undefined => {
  const code = exactCode(refusal.code, refusal.text);
  if (MENTION_CODES.has(code)) return { look: 'card-2', quiet: true };
  if (SCHEMA_CODES.has(code)) return { look: 'card-1', quiet: false };
  if (refusal.cause === 'format') return { look: 'post', quiet: false };
  return refusal.cause === 'size' ? { look: 'text', quiet: false } : undefined;
};
