import { type Finding, within } from './finding.ts';

/** What may come from the environment only, and must be there. */
const SECRET_VARIABLES: readonly string[] = ['FENGHUO_TOKEN', 'FENGHUO_SECRET_KEY'];
/** May be absent, and may not have a value of its own in the file. */
const OPTIONAL_SECRETS: readonly string[] = ['FENGHUO_SECRET_KEY_PREVIOUS'];

/** What looks like a secret wherever it stands. */
const LITERALS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:LTAI|STS\.)[A-Za-z0-9]{12,}/, 'an access key'],
  [/\bSEC[0-9a-f]{32,}/, 'the secret of a robot'],
  [/\bwhsec_[A-Za-z0-9+/=]{16,}/, 'the secret of a webhook'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY/, 'a private key'],
  [/access_token=|hooks\.slack\.com\/services|\/bot\/v2\/hook\/|webhook\/send\?key=/, 'the address of a robot'],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/, 'a key of 32 bytes'],
];
const SECRET_NAME = /(?:password|passwd|secret|token|accesskey)/i;
const FROM_ENVIRONMENT = /^\$\{\s*env\('[A-Z_]+'\)\s*\}$/;
const EMPTY_DEFAULT = /^\$\{\s*env\('[A-Z_]+',\s*''\)\s*\}$/;

const FIX = "Take it from the environment with env('NAME'), and give no default";

const isFromOutside = (name: string, text: string): boolean =>
  FROM_ENVIRONMENT.test(text) ||
  /^\$\{\{\s*secrets\.\w+\s*\}\}$/.test(text) ||
  (OPTIONAL_SECRETS.includes(name) && EMPTY_DEFAULT.test(text));

const isSecretName = (name: string): boolean =>
  SECRET_VARIABLES.includes(name) || OPTIONAL_SECRETS.includes(name) || SECRET_NAME.test(name);

const problemOf = (name: string, text: string): string | undefined => {
  const literal = LITERALS.find(([pattern]) => pattern.test(text));
  if (literal !== undefined) return `looks like ${literal[1]}`;
  return isSecretName(name) && !isFromOutside(name, text)
    ? 'is a secret that stands in the file, or has a default there'
    : undefined;
};

/** Every secret that stands in a parsed file, however deep. Neither the finding nor its path holds it. */
export const checkSecrets = (file: string, value: unknown, path = ''): Finding[] => {
  if (typeof value === 'string') {
    const what = problemOf(path.split('.').at(-1) ?? '', value);
    return what === undefined ? [] : [{ file, path, what, fix: FIX }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => checkSecrets(file, item, within(path, key)));
};
