type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (value: unknown): string | undefined =>
  isFields(value) && typeof value.name === 'string' ? value.name : undefined;

/** Lists of named objects are compared by name, so that an object put in front does not change all the others. */
const fieldsOf = (value: unknown): Fields | undefined => {
  if (isFields(value)) return value;
  if (!Array.isArray(value)) return undefined;
  return Object.fromEntries(value.map((item, index) => [`[${nameOf(item) ?? index}]`, item]));
};

const join = (path: string, key: string): string =>
  path === '' || key.startsWith('[') ? `${path}${key}` : `${path}.${key}`;

const lineOf = (sign: '+' | '-', path: string, value: unknown): string[] =>
  value === undefined ? [] : [`${sign} ${path}: ${JSON.stringify(value)}`];

/** What differs between two JSON values, one line each: `- path: old` and `+ path: new`. Empty when they are equal. */
export const differences = (before: unknown, after: unknown, path = ''): string[] => {
  const old = fieldsOf(before);
  const next = fieldsOf(after);
  if (old === undefined || next === undefined || Array.isArray(before) !== Array.isArray(after))
    return JSON.stringify(before) === JSON.stringify(after)
      ? []
      : [...lineOf('-', path, before), ...lineOf('+', path, after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return keys.flatMap((key) => differences(old[key], next[key], join(path, key)));
};
