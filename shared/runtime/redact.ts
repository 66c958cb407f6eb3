const HIDDEN = '***';

// Names whose value is a secret wherever they stand; what follows in a query, form, header or JSON text is hidden.
const SECRET_NAME =
  'access_token|access[-_]?key(?:[-_]?(?:id|secret))?|x-fenghuo-[a-z-]*|token|key|sign|signature|secret|password|passwd|pwd|email_?password|authorization|cookie|auth';

const RULES: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [new RegExp(`([?&;\\s]|^)(${SECRET_NAME})=[^&\\s"'#;]+`, 'gi'), `$1$2=${HIDDEN}`],
  [new RegExp(`(\\\\?["'](?:${SECRET_NAME})\\\\?["']\\s*:\\s*\\\\?["'])[^"'\\\\]*`, 'gi'), `$1${HIDDEN}`],
  [/\bSEC[0-9a-f]{16,}\b/gi, HIDDEN],
  [/\bfhk_[\w-]+/g, HIDDEN],
  // The path and query of a hook are its secret: Lark, Slack and most ticket systems have it there.
  [/\b(https?:\/\/)(?:[^\s/"'<>@]*@)?([^\s/"'<>?#]+)([/?#][^\s"'<>]*)/gi, `$1$2/${HIDDEN}`],
  [/(\/(?:ingest|hook|hooks|services|bot\/v2\/hook|webhook)\/)[^\s"'?&#]+/gi, `$1${HIDDEN}`],
];

const SECRET_FIELD = new RegExp(`^(?:.*(?:password|secret|token|credential).*|url|${SECRET_NAME})$`, 'i');
const MAX_TEXT_CHARS = 2_000;
const MAX_DEPTH = 6;

/** The text without tokens, signatures, passwords, keys and the secret parts of webhook addresses. */
export const redactText = (text: string): string => {
  const short = text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}…` : text;
  return RULES.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), short);
};

const redactError = (error: Error, depth: number): Record<string, unknown> => ({
  name: error.name,
  ...('code' in error ? { code: redactValue(error.code, depth + 1) } : {}),
  message: redactText(error.message),
  ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
  ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
});

const redactField = ([name, value]: [string, unknown], depth: number): [string, unknown] => [
  name,
  SECRET_FIELD.test(name) && value !== undefined && value !== null ? HIDDEN : redactValue(value, depth + 1),
];

const redactObject = (value: object, depth: number): unknown => {
  if (depth > MAX_DEPTH) return '…';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map((entry) => redactField(entry, depth)));
};

/** The same value, safe to write into a log: text redacted at every depth, fields that are named for a secret hidden whole. */
export const redactValue = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && value !== null ? redactObject(value, depth) : value;
};
