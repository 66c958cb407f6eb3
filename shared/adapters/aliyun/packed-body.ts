import { gunzipSync, gzipSync } from 'node:zlib';

/** Shorter bodies stay as they are: they can be read in the console of SMQ, and save no request. */
const MIN_PACKED_BYTES = 4_096;
/** A body that was packed is at most that long again; what claims to be longer was not made here. */
const MAX_UNPACKED_BYTES = 1_048_576;
/** The fastest level: JSON of equal events becomes an eighth with it, and a twelfth with the slowest. */
const LEVEL = 1;
const HEAD = '{"gzip":"';
const TAIL = '"}';

/**
 * A body as it travels through SMQ. The service counts requests, and takes 64 KB in each: a long body is compressed, so that several fit
 * into one. The result is JSON text again, because triggers decode bodies as text.
 */
export const packBody = (body: string): string => {
  const bytes = Buffer.byteLength(body);
  if (bytes < MIN_PACKED_BYTES) return body;
  const packed = HEAD + gzipSync(body, { level: LEVEL }).toString('base64') + TAIL;
  return packed.length < bytes ? packed : body;
};

/** The body that {@link packBody} was given; anything else as it is. Throws for what looks packed and is not. */
export const unpackBody = (text: string): string =>
  text.startsWith(HEAD) && text.endsWith(TAIL) ? unpackGzip(text.slice(HEAD.length, -TAIL.length)) : text;

/** The text in the member `gzip` of a packed body. Throws when it is none. */
export const unpackGzip = (base64: string): string =>
  gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8');
