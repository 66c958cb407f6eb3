import { isRecord } from './is-record.ts';

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

const stepText = (step: PropertyKey): string => {
  if (typeof step === 'number') return `[${step}]`;
  const key = String(step);
  return PLAIN_KEY.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
};

/** A path into the settings file as people write it: `contacts[0].webhook.url`; empty for the file itself. */
export const pathText = (path: readonly PropertyKey[]): string => path.map(stepText).join('').replace(/^\./, '');

/** What stands at a path of a parsed file; undefined when there is nothing. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown => {
  let at: unknown = value;
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step];
    else if (isRecord(at) && Object.hasOwn(at, step)) at = at[String(step)];
    else return undefined;
  }
  return at;
};
