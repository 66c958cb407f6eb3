import { isRecord } from '../../domain/is-record.ts';

/** Values of the variables of a template. */
export type Variables = Readonly<Record<string, string>>;

/** A JSON object with texts and nothing else; undefined when the parameter is anything else. */
export const variablesOf = (param: string): Variables | undefined => {
  try {
    const value: unknown = JSON.parse(param);
    if (!isRecord(value)) return undefined;
    const entries = Object.entries(value).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text] as const] : [],
    );
    return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
  } catch {
    return undefined;
  }
};

/** What the services may take for a URL; they do not say how they recognise one, so this is the strictest guess. */
const URL_LIKE = /:\/\/|\bwww\.[\p{L}\p{N}]|[\p{L}\p{N}_-]\.[a-z]{2,}/iu;

/** Whether a value holds a URL. */
export const holdsUrl = (text: string): boolean => URL_LIKE.test(text);

/** Names of the variables of a template text. */
export const namesIn = (template: string): string[] =>
  [...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** The text with the values in their places. */
export const filled = (template: string, values: Variables): string =>
  template.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
