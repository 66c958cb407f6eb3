import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { headerOf, type SandboxRequest } from './answer.ts';
import type { SeenKeys } from './seen-keys.ts';

/** The only credentials that the fake OpenAPI knows. They open nothing else, so that they are no secret. */
export const SANDBOX_CREDENTIALS = {
  accessKeyId: 'fenghuo-sandbox-key',
  accessKeySecret: 'fenghuo-sandbox-key-opens-nothing',
};

/** Source: help.aliyun.com/document_detail/101346.html, InvalidTimeStamp.Expired. */
const MAX_SKEW_MS = 900_000;

/** Secret of an access key; undefined for a key that nobody has. */
export type SecretOf = (accessKeyId: string) => string | undefined;

const sandboxSecret: SecretOf = (accessKeyId) =>
  accessKeyId === SANDBOX_CREDENTIALS.accessKeyId ? SANDBOX_CREDENTIALS.accessKeySecret : undefined;

/** Whom the gateway lets in: keys that somebody has, and nonces that were never used before. */
export interface SignatureRules {
  nonces: SeenKeys;
  /** {@link SANDBOX_CREDENTIALS} alone when left out. */
  secretOf?: SecretOf | undefined;
}

/** What is answered: HTTP status, code and words; the code is `OK` only when nothing is wrong. */
export interface OpenApiAnswer {
  status: number;
  code: string;
  words: string;
}

const ALGORITHM = 'ACS3-HMAC-SHA256';
const AUTHORIZATION = new RegExp(`^${ALGORITHM} Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$`);

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&');

/** Source: npm @alicloud/openapi-util, getAuthorization, and what the client sends. */
const signatureOf = (request: SandboxRequest, signedHeaders: string, secret: string): string => {
  const headers = signedHeaders.split(';').map((name) => `${name}:${headerOf(request, name).trim()}\n`);
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders,
    sha256(request.body),
  ].join('\n');
  return createHmac('sha256', secret)
    .update(`${ALGORITHM}\n${sha256(canonical)}`)
    .digest('hex');
};

const MUST_BE_SIGNED = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce'];

interface Signed {
  signedHeaders: string;
  signature: string;
  secret: string;
}

const isSigned = (request: SandboxRequest, { signedHeaders, signature, secret }: Signed): boolean => {
  const names = signedHeaders.split(';');
  if (!MUST_BE_SIGNED.every((name) => names.includes(name))) return false;
  if (headerOf(request, 'x-acs-content-sha256') !== sha256(request.body)) return false;
  return timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(request, signedHeaders, secret)));
};

const isTimely = (date: string, nowMs: number): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(date) && Math.abs(Date.parse(date) - nowMs) <= MAX_SKEW_MS;

/** Who signs, when, and with a nonce that was never used before; undefined when all is well. */
export const checkSignature = (
  request: SandboxRequest,
  nowMs: number,
  { nonces, secretOf = sandboxSecret }: SignatureRules,
): OpenApiAnswer | undefined => {
  const [, key = '', signedHeaders = '', signature = ''] = AUTHORIZATION.exec(headerOf(request, 'authorization')) ?? [];
  const secret = secretOf(key);
  if (secret === undefined)
    return { status: 404, code: 'InvalidAccessKeyId.NotFound', words: 'Specified access key is not found.' };
  if (!isTimely(headerOf(request, 'x-acs-date'), nowMs))
    return { status: 400, code: 'InvalidTimeStamp.Expired', words: 'Specified time stamp or date value is expired.' };
  if (!isSigned(request, { signedHeaders, signature, secret }))
    return {
      status: 400,
      code: 'SignatureDoesNotMatch',
      words: 'Specified signature is not matched with our calculation.',
    };
  const nonce = headerOf(request, 'x-acs-signature-nonce');
  if (nonce === '' || nonces.repeats(nonce))
    return { status: 400, code: 'SignatureNonceUsed', words: 'Specified signature nonce was used already.' };
  return undefined;
};
