import { createHmac } from 'node:crypto';
import type { OpenApiCredentials } from '../../ports/openapi.ts';

/** Version of the protocol: help.aliyun.com SMQ (formerly MNS) "Request protocol". */
const VERSION = '2015-06-06';
const CONTENT_TYPE = 'text/xml';

/** What of a request is signed. */
interface SmqSignedPart {
  method: string;
  /** Path with its query, as it stands in the request line. */
  resource: string;
  /** HTTP date; the service refuses one that is more than 15 minutes away from its own. */
  date: string;
}

/** The text that is signed: help.aliyun.com SMQ "Sign requests". `Content-MD5` is left out, as the service allows. */
const smqStringToSign = ({ method, resource, date }: SmqSignedPart): string =>
  [method, '', CONTENT_TYPE, date, `x-mns-version:${VERSION}`, resource].join('\n');

/** The signature of a text under the secret of an access key. */
const smqSignatureOf = (secret: string, text: string): string =>
  createHmac('sha1', secret).update(text).digest('base64');

/** Headers of a signed request; they hold what must never be logged. */
export const smqHeaders = (part: SmqSignedPart, credentials: OpenApiCredentials): Record<string, string> => ({
  date: part.date,
  'content-type': CONTENT_TYPE,
  'x-mns-version': VERSION,
  authorization: `MNS ${credentials.accessKeyId}:${smqSignatureOf(credentials.accessKeySecret, smqStringToSign(part))}`,
  ...(credentials.securityToken === undefined ? {} : { 'security-token': credentials.securityToken }),
});
