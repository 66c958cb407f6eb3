const HIDDEN = '[hidden]';

/** Shortest literal that is treated as a secret; anything shorter would tear ordinary words out of a text. */
const MIN_SECRET_CHARS = 6;

/** What may never stand in a log or an explanation, by shape; the first that matches a place decides. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '[link]'],
  [/\bfrom ip\b\s*[:：]?\s*[0-9a-f.:]*/gi, HIDDEN],
  [/\b(access_token|token|key|sign|signature|secret|password)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi, `$1$2${HIDDEN}`],
  [/\bbearer\s+\S+/gi, `Bearer ${HIDDEN}`],
  [/\b(?:SEC|whsec_)[\w+/=-]{12,}/g, HIDDEN],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?::\d+)?\b/g, '[address]'],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi, '[address]'],
  [/(?<![\w:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?(?![\w:])/gi, '[address]'],
  [/[\w+/-]{32,}={0,2}/g, HIDDEN],
];

const spellingsOf = (secret: string): string[] => [secret, encodeURIComponent(secret)];

/**
 * The text without URLs, tokens, signatures, secrets and network addresses; `secrets` are literals known to the caller, and are
 * removed in their plain and their percent-encoded spelling when they have six characters or more.
 */
export const redactText = (text: string, secrets: readonly string[] = []): string => {
  const literals = secrets
    .filter((secret) => secret.length >= MIN_SECRET_CHARS)
    .flatMap(spellingsOf)
    .sort((a, b) => b.length - a.length);
  const plain = literals.reduce((rest, literal) => rest.replaceAll(literal, HIDDEN), text);
  return SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), plain);
};

/** Scheme and host of a URL, for logs; the path and the query can hold tokens and are never shown. */
export const redactUrl = (url: string): string => {
  if (!URL.canParse(url)) return '[link]';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}/…`;
};
