/** Hosts of the two sites. Source: open.feishu.cn, client-docs/bot-v3/add-custom-bot; open.larksuite.com, the same page. */
const HOSTS: ReadonlySet<string> = new Set(['open.feishu.cn', 'open.larksuite.com']);

const HOOK_PATH = /\/open-apis\/bot\/v2\/hook\/([^/]+)\/?$/;
/** The first version of the interface, which took another body. It is not offered any more. */
const OLD_HOOK_PATH = /\/open-apis\/bot\/hook\/[^/]+\/?$/;

/** What a pasted address is: the hook of a bot, one of the old interface, or neither. */
export type HookAddress = { kind: 'hook'; url: URL; token: string } | { kind: 'old' } | { kind: 'none' };

/**
 * An address on one of the vendor's hosts, or one of the same shape elsewhere: `.../open-apis/bot/v2/hook/<token>`, as the built-in
 * fake provider and company relays have it. Old addresses are claimed too, so that they are refused with the right words.
 */
export const claimsHookUrl = ({ hostname, pathname }: URL): boolean =>
  HOSTS.has(hostname) || HOOK_PATH.test(pathname) || OLD_HOOK_PATH.test(pathname);

/** The address to call: https and without a query on the vendor's hosts, whatever was pasted. */
export const hookAddressOf = (text: string): HookAddress => {
  const pasted = text.trim();
  if (!(URL.canParse(pasted) && /^https?:/i.test(pasted))) return { kind: 'none' };
  const url = new URL(pasted);
  if (OLD_HOOK_PATH.test(url.pathname)) return { kind: 'old' };
  const token = HOOK_PATH.exec(url.pathname)?.[1];
  if (token === undefined) return { kind: 'none' };
  if (HOSTS.has(url.hostname)) {
    url.protocol = 'https:';
    url.search = '';
  }
  return { kind: 'hook', url, token };
};
