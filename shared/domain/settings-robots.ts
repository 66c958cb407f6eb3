import * as z from 'zod/mini';
import { secret, texts, url } from './settings-forms.ts';

const MAX_PER_MINUTE = 20; // WeCom takes no more from one robot: developer.work.weixin.qq.com/document/path/91770
const PER_MINUTE = `must be a whole number from 1 to ${MAX_PER_MINUTE}`;

const MAX_HEADERS = 20;

/** Headers that a message itself decides, or that the connection does. */
const OWN_HEADERS =
  /^(?:host|content-.*|connection|transfer-encoding|te|trailer|upgrade|expect|keep-alive|webhook-.*|ce-.*)$/i;

/** Which vendor's robot, or any receiver, a webhook is. */
export const channelType = z.enum(['dingtalk', 'lark', 'wecom', 'slack', 'webhook']);

/** Who is called by name in a group message. */
export const mentions = z.strictObject({
  phones: z.optional(texts),
  userIds: z.optional(texts),
  all: z.optional(z.boolean()),
});

/** Messages a minute that one robot may send, where its provider lets that be chosen. */
export const perMinute = z.int().check(z.gte(1, PER_MINUTE), z.lte(MAX_PER_MINUTE, PER_MINUTE));

/** Further robots of the same group, which share the work of the first. */
export const pool = z.array(z.strictObject({ url, secret: z.optional(secret), keywords: z.optional(texts) }));

const headerName = z.string().check(
  z.regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'is not the name of a header'),
  z.refine((header) => !OWN_HEADERS.test(header), 'is a header that the message itself sets'),
);
const headerValue = z
  .string()
  .check(z.regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,1998}[\x21-\x7e])?$/, 'must be one line of ASCII characters'));

const headers = z
  .record(headerName, headerValue)
  .check(z.refine((all) => Object.keys(all).length <= MAX_HEADERS, `must be at most ${MAX_HEADERS} headers`));

/** The webhook of a contact: a robot of any maker, or a receiver of one's own. */
export const webhook = z.strictObject({
  type: z.optional(channelType),
  url,
  keywords: z.optional(texts),
  secret: z.optional(secret),
  previousSecret: z.optional(secret),
  method: z.optional(z.enum(['POST', 'GET'])),
  format: z.optional(z.enum(['standard', 'cloudevents', 'form'])),
  headers: z.optional(headers),
  mentions: z.optional(mentions),
  perMinute: z.optional(perMinute),
  pool: z.optional(pool),
});
