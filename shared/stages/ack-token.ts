import type { Sealer } from '../ports/secrets.ts';

/** A link works for that long after its message was first sent. */
const LINK_MS = 7 * 86_400_000;

type Signer = Pick<Sealer, 'digest' | 'isDigestOf'>;

/** What a token came to. `expired` and `ok` were signed here; what was not says nothing about which message it meant. */
export type ReadToken = { kind: 'ok' | 'expired'; delivery: string } | { kind: 'malformed' | 'forged' };

const FORM = /^(dlv_[\w-]{20,40})\.([0-9a-z]{1,12})\.([\w-]{4,40})\.([\w-]{43})$/;
const BASE = 36;

/** Digests are made of other things as well, none of which begins like this. */
const signedText = (delivery: string, expiry: string): string => `acknowledge v1\n${delivery}\n${expiry}`;

/** The token of the link that acknowledges a message: its id and when the link ends, signed with a key that follows from the secret key. */
export const ackToken = (signer: Signer, delivery: string, sentAtMs: number): string => {
  const expiry = Math.ceil((sentAtMs + LINK_MS) / 1_000).toString(BASE);
  return `${delivery}.${expiry}.${signer.digest(signedText(delivery, expiry)).replace(':', '.')}`;
};

/** Reads a token; compares in a time that tells nothing about where it differs. */
export const readAckToken = (signer: Signer, token: string, nowMs: number): ReadToken => {
  const [, delivery = '', expiry = '', keyId, mac] = FORM.exec(token) ?? [];
  if (delivery === '') return { kind: 'malformed' };
  if (!signer.isDigestOf(signedText(delivery, expiry), `${keyId}:${mac}`)) return { kind: 'forged' };
  return { kind: Number.parseInt(expiry, BASE) * 1_000 < nowMs ? 'expired' : 'ok', delivery };
};
