import { targetKeyOf } from './ids.ts';
import type { Target } from './target.ts';

/** The channel of a pasted URL; undefined when no channel knows it. */
export type ClaimChannel = (url: string) => string | undefined;

/** Where a message goes: the address in its normal form, so that two spellings of it are one target. */
export type Address = Pick<Target, 'key' | 'channel' | 'address'>;

const SIGNED_PER_MESSAGE = ['timestamp', 'sign'];

/** The channel that takes any URL. */
const PLAIN_CHANNEL = 'webhook';

/** The address on a channel, which must be in its normal form already. */
export const addressOn = (channel: string, address: string): Address => ({
  key: targetKeyOf(channel, address),
  channel,
  address,
});

/** A robot's URL without a pasted timestamp and signature, which its channel makes anew for each message. */
export const robotAddress = (channel: string, url: string): Address => {
  const parsed = new URL(url);
  if (channel !== PLAIN_CHANNEL)
    for (const name of SIGNED_PER_MESSAGE) if (parsed.searchParams.has(name)) parsed.searchParams.delete(name);
  return addressOn(channel, parsed.href);
};

/** The address of a webhook: on the channel that is written, else on the one that claims the URL, else on the one that takes any. */
export const webhookAddress = (webhook: { type?: string | undefined; url: string }, claim: ClaimChannel): Address =>
  robotAddress(webhook.type ?? claim(webhook.url) ?? PLAIN_CHANNEL, webhook.url);

/** Whether a URL may be a robot of that channel: what nobody claims, or only the channel that takes any, may be anything. */
export const mayBeOn = (channel: string, url: string, claim: ClaimChannel): boolean =>
  [undefined, PLAIN_CHANNEL, channel].includes(claim(url));

/** A mailbox with its domain in lower case; what stands before the `@` belongs to the mail server and stays as it is. */
export const mailboxOf = (email: string): string => {
  const at = email.lastIndexOf('@');
  return email.slice(0, at) + email.slice(at).toLowerCase();
};

/** Mobile numbers of the mainland have 11 digits and begin with 1; with the country code in front, 13. */
const MAINLAND_MOBILE = /^(?:86)?(1\d{10})$/;

/** A number of the mainland with the 0 that is dialled only there: area code and number. */
const MAINLAND_TRUNK = /^0([1-9]\d{8,10})$/;

const mainlandNumber = (digits: string): string | undefined =>
  (MAINLAND_MOBILE.exec(digits) ?? MAINLAND_TRUNK.exec(digits))?.[1];

/** A phone number as `+` and digits with the country code, and whether it had one; a number of the mainland may be written without. */
export const readPhone = (written: string): { number: string; isInternational: boolean } => {
  const plain = written.replaceAll(/[ -]/g, '').replace(/^00/, '+');
  if (plain.startsWith('+')) return { number: plain, isInternational: true };
  const mainland = mainlandNumber(plain);
  return mainland === undefined
    ? { number: `+${plain}`, isInternational: false }
    : { number: `+86${mainland}`, isInternational: true };
};
