import type { Target } from '../../domain/target.ts';

/** No address is a plain webhook by its look; it is one when the settings say so, or when no other channel claims it. */
export const claimsWebhookUrl = (): boolean => false;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The credentials of a URL as the header `Authorization: Basic` encodes them, and each by itself. */
const credentialsOf = ({ username, password }: URL): string[] => {
  const [user, word] = [decoded(username), decoded(password)];
  return username === '' && password === '' ? [] : [username, password, user, word, `${user}:${word}`];
};

/** Parts of a URL that are secrets by custom: the last path segment, the values of the query, credentials. */
const secretParts = (url: URL): string[] => [
  url.href,
  url.pathname.split('/').at(-1) ?? '',
  ...credentialsOf(url),
  ...url.searchParams.values(),
];

/** Everything about the target that must not stand in an explanation. */
export const secretsOf = (target: Target): string[] => {
  const parts = URL.canParse(target.address) ? secretParts(new URL(target.address)) : [];
  const { previousSecret = '', headers = {} } = target.webhook ?? {};
  return [target.address, target.secret ?? '', previousSecret, ...Object.values(headers), ...parts].filter(
    (part) => part !== '',
  );
};
