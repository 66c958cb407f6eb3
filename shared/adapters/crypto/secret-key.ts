import { randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const BASE64_FORM = /^[A-Za-z0-9+/_-]{43}=?$/;

/** The 32 bytes of a key as people write it, in Base64 of either alphabet; undefined when it is none. */
export const readSecretKey = (text: string): Buffer | undefined => {
  const key = BASE64_FORM.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  return key.length === KEY_BYTES ? key : undefined;
};

/** A new key in Base64. */
export const makeSecretKey = (): string => randomBytes(KEY_BYTES).toString('base64');
