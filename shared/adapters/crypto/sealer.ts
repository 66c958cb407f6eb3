import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Sealer, SecretsUnreadableError } from '../../ports/secrets.ts';

const CIPHER = 'aes-256-gcm';
/** Length of a random nonce in bytes. Source: NIST SP 800-38D, 8.2.2; safe for 2^32 seals of one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 6;
const FORM = /^enc:v1:([\w-]+):([\w-]+):([\w-]+)$/;

/** One key, split by purpose so that no two uses share key material. */
interface KeyRing {
  id: string;
  sealing: Buffer;
  digesting: Buffer;
}

const derive = (key: Buffer, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `fenghuo ${purpose}`, bytes));

const ringOf = (key: Buffer): KeyRing => ({
  id: derive(key, 'key id', KEY_ID_BYTES).toString('base64url'),
  sealing: derive(key, 'seal', 32),
  digesting: derive(key, 'digest', 32),
});

const boundTo = (keyId: string, place: string): Buffer => Buffer.from(JSON.stringify(['enc:v1', keyId, place]));

const seal = ({ id, sealing }: KeyRing, text: string, place: string): string => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, sealing, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(id, place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `enc:v1:${id}:${nonce.toString('base64url')}:${sealed.toString('base64url')}`;
};

interface Envelope {
  nonce: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
}

const unseal = ({ id, sealing }: KeyRing, { nonce, ciphertext, tag }: Envelope, place: string): string => {
  try {
    const decipher = createDecipheriv(CIPHER, sealing, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(id, place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw SecretsUnreadableError.altered({ cause });
  }
};

const open = (rings: ReadonlyMap<string, KeyRing>, sealed: string, place: string): string => {
  const [, id = '', nonce = '', bytes = ''] = FORM.exec(sealed) ?? [];
  if (id === '') throw SecretsUnreadableError.altered();
  const ring = rings.get(id);
  if (ring === undefined) throw SecretsUnreadableError.unknownKey(id);
  const all = Buffer.from(bytes, 'base64url');
  const end = Math.max(0, all.length - TAG_BYTES);
  const envelope = { nonce: Buffer.from(nonce, 'base64url'), ciphertext: all.subarray(0, end), tag: all.subarray(end) };
  return unseal(ring, envelope, place);
};

const digestUnder = ({ id, digesting }: KeyRing, text: string): string =>
  `${id}:${createHmac('sha256', digesting).update(text).digest('base64url')}`;

const equal = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** The keys of a sealer, 32 bytes each: new seals use `key`, those of earlier ones still open. */
export interface SealerKeys {
  key: Buffer;
  previous: readonly Buffer[];
}

/** AES-256-GCM under the given keys, with the place as additional authenticated data. */
export const createSealer = ({ key, previous }: SealerKeys): Sealer => {
  const newest = ringOf(key);
  const rings = new Map([...previous.map(ringOf), newest].map((ring) => [ring.id, ring]));
  return {
    keyId: newest.id,
    seal: (text, place) => seal(newest, text, place),
    open: (sealed, place) => open(rings, sealed, place),
    digest: (text) => digestUnder(newest, text),
    isDigestOf: (text, digest) => {
      const ring = rings.get(digest.split(':', 1)[0] ?? '');
      return ring !== undefined && equal(digestUnder(ring, text), digest);
    },
  };
};
