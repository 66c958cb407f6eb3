/** The only host that the vendor documents for robots. Source: open.dingtalk.com, custom-robots-send-group-messages. */
const ROBOT_HOST = 'oapi.dingtalk.com';

/** Address of a robot without what belongs to a single request. */
export interface RobotAddress {
  /** Without `timestamp` and `sign`; https on the vendor's host whatever was pasted. */
  url: URL;
  /** Empty when the address has none. */
  token: string;
}

/**
 * The vendor's host, or an address of the same shape elsewhere: `.../robot/send?access_token=...`, as the built-in fake provider
 * and company relays have it.
 */
export const claimsRobotUrl = (url: URL): boolean =>
  url.hostname === ROBOT_HOST || (url.pathname.endsWith('/robot/send') && url.searchParams.has('access_token'));

/**
 * The address to call. `timestamp` and `sign` are dropped: they are often pasted along and are valid for one hour only.
 * Undefined when the text is no http or https URL.
 */
export const robotAddressOf = (text: string): RobotAddress | undefined => {
  const pasted = text.trim();
  if (!(URL.canParse(pasted) && /^https?:/i.test(pasted))) return undefined;
  const url = new URL(pasted);
  url.searchParams.delete('timestamp');
  url.searchParams.delete('sign');
  if (url.hostname === ROBOT_HOST) url.protocol = 'https:';
  return { url, token: url.searchParams.get('access_token') ?? '' };
};
