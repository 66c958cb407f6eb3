import type { Target } from '../../domain/target.ts';

/** No address is a plain webhook by its look; it is one when the settings say so, or when no other channel claims it. */
export const claimsWebhookUrl = (): boolean => false;

/** Parts of a URL that are secrets by custom: the last path segment, the values of the query, credentials. */
const secretParts = (url: URL): string[] => [
  url.href,
  url.pathname.split('/').at(-1) ?? '',
  url.username,
  url.password,
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
