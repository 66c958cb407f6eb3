import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A private key and a certificate for it, both in PEM. */
export interface SelfSigned {
  key: string;
  certificate: string;
}

/** Object identifiers as DER has them. Source: RFC 5280, RFC 5758. */
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const ALTERNATIVE_NAMES = '551d11';
const BASIC_CONSTRAINTS = '551d13';

const TAG = {
  boolean: 1,
  integer: 2,
  bits: 3,
  octets: 4,
  oid: 6,
  utf8: 12,
  utcTime: 23,
  sequence: 48,
  set: 49,
} as const;
/** Tags of the parts that RFC 5280 numbers. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const lengthOf = (bytes: number): number[] => {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x1_00 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
};

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
};

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const oid = (text: string): Buffer => der(TAG.oid, hex(text));
const yes = (): Buffer => der(TAG.boolean, hex('ff'));
const algorithm = (): Buffer => der(TAG.sequence, oid(ECDSA_WITH_SHA256));

const nameOf = (commonName: string): Buffer =>
  der(TAG.sequence, der(TAG.set, der(TAG.sequence, oid(COMMON_NAME), der(TAG.utf8, Buffer.from(commonName)))));

/** Wide enough for every clock that a test may set. */
const validity = (): Buffer =>
  der(TAG.sequence, der(TAG.utcTime, Buffer.from('200101000000Z')), der(TAG.utcTime, Buffer.from('491231235959Z')));

const extensions = (): Buffer => {
  const names = der(
    TAG.sequence,
    der(DNS_NAME, Buffer.from('localhost')),
    der(IP_ADDRESS, Buffer.from([127, 0, 0, 1])),
  );
  return der(
    EXTENSIONS,
    der(
      TAG.sequence,
      der(TAG.sequence, oid(BASIC_CONSTRAINTS), yes(), der(TAG.octets, der(TAG.sequence, yes()))),
      der(TAG.sequence, oid(ALTERNATIVE_NAMES), der(TAG.octets, names)),
    ),
  );
};

const pem = (certificate: Buffer): string => {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

/** A new key and a certificate for `localhost` and `127.0.0.1`, signed by itself: worth something only to who was handed it. */
export const selfSigned = (commonName: string): SelfSigned => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const content = der(
    TAG.sequence,
    der(VERSION, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm(),
    nameOf(commonName),
    validity(),
    nameOf(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(),
  );
  const signature = der(TAG.bits, Buffer.from([0]), sign('sha256', content, privateKey));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(der(TAG.sequence, content, algorithm(), signature)),
  };
};
