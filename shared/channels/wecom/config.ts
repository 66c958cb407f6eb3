/** The only host that the vendor documents. Source: developer.work.weixin.qq.com, path/91770. */
const HOST = 'qyapi.weixin.qq.com';
const SEND_PATH = '/cgi-bin/webhook/send';

/** Address of a robot. */
export interface RobotAddress {
  url: URL;
  /** The only secret of the robot. */
  key: string;
}

/** The vendor's host, or an address of the same shape elsewhere: `.../cgi-bin/webhook/send?key=...`, as the built-in fake provider has it. */
export const claimsRobotUrl = ({ hostname, pathname, searchParams }: URL): boolean =>
  hostname === HOST || (pathname.endsWith(SEND_PATH) && searchParams.has('key'));

/** The address to call, with https on the vendor's host; undefined when the text is no address for messages or has no key. */
export const robotAddressOf = (text: string): RobotAddress | undefined => {
  const pasted = text.trim();
  if (!(URL.canParse(pasted) && /^https?:/i.test(pasted))) return undefined;
  const url = new URL(pasted);
  const key = url.searchParams.get('key') ?? '';
  if (key === '' || !url.pathname.endsWith(SEND_PATH)) return undefined;
  if (url.hostname === HOST) url.protocol = 'https:';
  return { url, key };
};
