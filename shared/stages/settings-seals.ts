import { createHash } from 'node:crypto';
import { fileOfPart, partOfFile } from '../domain/settings-parts.ts';
import { SECRET_PLACES } from '../domain/settings-secret-places.ts';
import { mapSecrets } from '../domain/settings-secrets.ts';
import type { Sealer } from '../ports/secrets.ts';

const SEALED = /^enc:v1:/;

const KEYS_WITH_SECRETS: ReadonlySet<string> = new Set(
  SECRET_PLACES.kind === 'object' ? SECRET_PLACES.fields.map(([key]) => key) : [],
);

const PLACES = createHash('sha256').update(JSON.stringify(SECRET_PLACES)).digest('base64url').slice(0, 8);

/** Whether parts under this key of the file may hold secrets. */
export const mayHoldSecrets = (key: string): boolean => KEYS_WITH_SECRETS.has(key);

/** Under which key, and by which list of places, everything is sealed that this process writes. */
export const sealingOf = ({ keyId }: Sealer): string => `${keyId}:${PLACES}`;

const mapPart = (key: string, part: unknown, by: (secret: string, place: string) => string): unknown =>
  mayHoldSecrets(key) ? partOfFile(key, mapSecrets(fileOfPart(key, part), by)) : part;

/** A part of the file with its secrets sealed, as JSON. */
export const sealPart = (sealer: Sealer, key: string, part: unknown): string =>
  JSON.stringify(mapPart(key, part, (secret, place) => sealer.seal(secret, place)));

/** What {@link sealPart} wrote. A field that became a secret only in this release may still be in the clear. Throws SecretsUnreadableError. */
export const openPart = (sealer: Sealer, key: string, text: string): unknown =>
  mapPart(key, JSON.parse(text), (sealed, place) => (SEALED.test(sealed) ? sealer.open(sealed, place) : sealed));
