import { type ExpressionScope, evaluate, type Reference, referencesIn } from './expression.ts';
import { isRecord } from './is-record.ts';
import { fromJsonText } from './notify-values.ts';

/** A value with everything replaced that could be; `missing` is what could not. */
export interface Filled {
  value: unknown;
  missing: readonly Reference[];
  /** The whole value was one expression, and that is a list: the action is meant to run for each of its items. */
  isList: boolean;
}

const asText = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const whole = (text: string, references: readonly Reference[]): Reference | undefined =>
  references.length === 1 && references[0]?.written === text.trim() ? references[0] : undefined;

const fillWhole = (reference: Reference, scope: ExpressionScope, text: string): Filled => {
  const found = evaluate(reference, scope);
  if (found.kind === 'missing') return { value: text, missing: [reference], isList: false };
  return { value: found.value, missing: [], isList: Array.isArray(found.value) };
};

const fillText = (text: string, scope: ExpressionScope): Filled => {
  const references = referencesIn(text);
  if (references.length === 0) return { value: text, missing: [], isList: false };
  const alone = whole(text, references);
  if (alone !== undefined) return fillWhole(alone, scope, text);
  const parsed = fromJsonText(text);
  // Inside of JSON text a quote in a value would end the text that it stands in, so the parsed value is filled.
  if (typeof parsed !== 'string') return { ...fill(parsed, scope), isList: false };
  const isJson = /^\s*[[{]/.test(text);
  const missing: Reference[] = [];
  let value = text;
  for (const reference of references) {
    const found = evaluate(reference, scope);
    if (found.kind === 'missing') missing.push(reference);
    else value = value.replace(reference.written, () => (isJson ? JSON.stringify(found.value) : asText(found.value)));
  }
  return { value, missing, isList: false };
};

/** Replaces every `${...}` at any depth of a value by what the scope has for it; never guesses what is missing. */
export const fill = (value: unknown, scope: ExpressionScope): Filled => {
  if (typeof value === 'string') return fillText(value, scope);
  if (Array.isArray(value)) {
    const parts = value.map((item) => fill(item, scope));
    return { value: parts.map((part) => part.value), missing: parts.flatMap((part) => part.missing), isList: false };
  }
  if (!isRecord(value)) return { value, missing: [], isList: false };
  const parts = Object.entries(value).map(([key, item]) => ({ key, part: fill(item, scope) }));
  return {
    value: Object.fromEntries(parts.map(({ key, part }) => [key, part.value])),
    missing: parts.flatMap(({ part }) => part.missing),
    isList: false,
  };
};
