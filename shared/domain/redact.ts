const HIDDEN = '[hidden]';
const LINK = '[link]';
const ADDRESS = '[address]';

/** Shortest literal that is treated as a secret; anything shorter would tear ordinary words out of a text. */
const MIN_SECRET_CHARS = 6;
/** A longer text is cut, at a space, before it is searched; nobody reads more of one log field. */
const MAX_TEXT_CHARS = 4_000;
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;

// A name stands alone (`key`, `sign`) or ends a longer one (`emailPassword`, `access_token`).
const SECRET_NAME =
  '[\\w-]*?(?:password|passwd|secret|token|signature|credentials?)|(?:[\\w-]*[-_])?key|[\\w-]*?(?:access|api|private)-?key(?:[-_]?id)?|x-fenghuo-[\\w-]*|sign|pwd|auth';
const HEADER_NAME = 'authorization|proxy-authorization|cookie|set-cookie';
const START = '(?<![\\w-])';

/** What may never stand in a log, an explanation or a reason, by shape; the first that matches a place decides. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/(?<![a-z0-9+.-])[a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, LINK],
  // A quoted value ends where its own kind of quote comes again, which is `\"` for JSON inside of JSON.
  [
    new RegExp(
      `${START}(${SECRET_NAME}|${HEADER_NAME})(\\\\*["']\\s*:\\s*(\\\\*["']))(?:(?!(?<!\\\\)\\3)[\\s\\S])*`,
      'gi',
    ),
    `$1$2${HIDDEN}`,
  ],
  [new RegExp(`${START}(${HEADER_NAME})(\\s*[:=]\\s*)[^\\n"']+`, 'gi'), `$1$2${HIDDEN}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [new RegExp(`${START}(${SECRET_NAME})(\\\\*["']?\\s*[=:]\\s*\\\\*["']?)[^\\s"'\\\\&,;#]+`, 'gi'), `$1$2${HIDDEN}`],
  // The path of a hook is its secret: Lark, Slack and most ticket systems have it there.
  [/(\/(?:ingest|hooks?|services|webhook)\/)[^\s"'?&#]+/gi, `$1${HIDDEN}`],
  [/(?<!\w)(?:SEC|whsec_)[\w+/=-]{12,}/g, HIDDEN],
  [/(?<!\w)fhk?_[\w-]+/g, HIDDEN],
  [/\bfrom ip\b\s*[:：]?\s*[0-9a-f.:]*/gi, HIDDEN],
  [/(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)(?:\/\d{1,2})?(?::\d+)?/g, ADDRESS],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi, ADDRESS],
  [/(?<![\w:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?(?![\w:])/gi, ADDRESS],
  [/[\w+-]{32,}={0,2}/g, HIDDEN],
  // Base64 has slashes too, but so has a path in a stack: only what has padding, or digits and letters of both cases, is no path.
  [/(?<![\w+/-])[\w+/-]{32,}={1,2}/g, HIDDEN],
  [/(?<![\w+/-])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])[\w+-][\w+/-]{31,}/g, HIDDEN],
];

const SECRET_FIELD = new RegExp(
  `^(?:${SECRET_NAME}|${HEADER_NAME}|.*(?:password|secret|token|credential).*|url)$`,
  'i',
);

const base64Of = (secret: string): string => {
  const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join('')).replace(/=+$/, '');
};

const lowerEscapes = (encoded: string): string => encoded.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());

/** How a provider may repeat what it was sent: as it is, percent-encoded, inside of JSON, in Base64 of either alphabet. */
const spellingsOf = (secret: string): string[] => {
  const [percent, base64] = [encodeURIComponent(secret), base64Of(secret)];
  const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_');
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, percent, lowerEscapes(percent), inJson, base64, urlSafe, encodeURIComponent(base64)])];
};

const withoutLiterals = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length >= MIN_SECRET_CHARS)
    .flatMap(spellingsOf)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, literal) => rest.replaceAll(literal, HIDDEN), text);

/** The half of a token at the cut might have no known shape any more, so the last word goes as well. */
const cut = (text: string): string =>
  text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS).replace(/(?<!\S)\S+$/, '')}…` : text;

/**
 * The text without URLs, tokens, signatures, passwords and network addresses, cut to 4,000 characters; `secrets` are literals known
 * to the caller, and are removed when they have six characters or more: plain, percent-encoded, as in JSON, and in Base64.
 */
export const redactText = (text: string, secrets: readonly string[] = []): string =>
  SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), withoutLiterals(cut(text), secrets));

const PASTED = /[a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
/** Letters and digits in one piece, as no name has them but every token. */
const TOKEN = /[A-Za-z+/=]*\d[A-Za-z0-9+/=]*|[A-Za-z+/=]+/g;
const TOKEN_CHARS = 20;
const WORD_CHARS = 40;

/**
 * A message that repeats a word of a person, such as a name or a key, without what looks like a secret in the wrong place: URLs, and
 * long runs of letters and digits. Names of several words stay.
 */
export const redactWords = (message: string): string =>
  message
    .replace(PASTED, LINK)
    .replace(TOKEN, (run) => (run.length >= (/\d/.test(run) ? TOKEN_CHARS : WORD_CHARS) ? HIDDEN : run));

/** Scheme and host of a URL and nothing else; the path and the query can hold tokens. */
export const redactUrl = (url: string): string => {
  if (!URL.canParse(url)) return LINK;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}/…`;
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
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map((entry) => redactField(entry, depth)));
};

/** The same value, safe to write into a log: text redacted at every depth, fields that are named for a secret hidden whole. */
export const redactValue = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && value !== null ? redactObject(value, depth) : value;
};
