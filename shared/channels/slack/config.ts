/** The only host of incoming webhooks. Source: docs.slack.dev, sending messages using incoming webhooks. */
const HOOK_HOST = 'hooks.slack.com';

/** Workspace, webhook and secret. Source: docs.slack.dev, sending messages using incoming webhooks. */
const HOOK_PATH = /\/services\/(T[^/]+)\/(B[^/]+)\/([^/]+)$/;

/** Any address on the vendor's host, or one of the same shape elsewhere, as the built-in fake provider and company relays have it. */
export const claimsHookUrl = (url: URL): boolean => url.hostname === HOOK_HOST || HOOK_PATH.test(url.pathname);

/** Where to post, and what of it must not be shown. */
export interface HookAddress {
  url: URL;
  secrets: readonly string[];
}

/** The address to call, https on the vendor's host whatever was pasted; undefined when it is no address of an incoming webhook. */
export const hookAddressOf = (text: string): HookAddress | undefined => {
  const pasted = text.trim();
  if (!(URL.canParse(pasted) && /^https?:/i.test(pasted))) return undefined;
  const url = new URL(pasted);
  const [, team = '', hook = '', secret = ''] = HOOK_PATH.exec(url.pathname) ?? [];
  if (secret === '') return undefined;
  if (url.hostname === HOOK_HOST) url.protocol = 'https:';
  return { url, secrets: [pasted, url.href, url.pathname, secret, hook, team] };
};
