import { hash } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LENGTH = 9;
const HASH_CHARS = 16;

/** Nine Crockford base32 characters of an instant, so that ids sort by time and neighbours share a page of the store. */
export const timePart = (instantMs: number): string => {
  let rest = Number.isFinite(instantMs) && instantMs > 0 ? Math.floor(instantMs) : 0;
  let text = '';
  for (let index = 0; index < TIME_LENGTH; index += 1) {
    text = (ALPHABET[rest % 32] ?? '0') + text;
    rest = Math.floor(rest / 32);
  }
  return text;
};

/** Sixteen URL-safe characters of a SHA-256 over the parts; parts cannot run into each other. */
export const digestOf = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url').slice(0, HASH_CHARS);

/** A sortable id: prefix, time and a digest of what it names. The same arguments always give the same id. */
export const idOf = (prefix: string, instantMs: number, parts: readonly string[]): string =>
  `${prefix}_${timePart(instantMs)}${digestOf(...parts)}`;

/** Key of a target: channel and a hash of its address, so that no address stands in a key. */
export const targetKeyOf = (channel: string, address: string): string => `${channel}:${digestOf(channel, address)}`;

const BATCH_PREFIX = 'bat_';
/** No digit of the random part of an older batch id. */
const PACKED_MARK = 'p';

/** Id of a batch, sorted by time; `unique` is a text that nobody else makes. */
export const batchIdOf = (receivedAtMs: number, unique: string): string =>
  `${BATCH_PREFIX}${timePart(receivedAtMs)}${PACKED_MARK}${unique}`;

/** Id of the batch of a word about the canary: two runs with clocks of their own may store the same word, so its messages are not named by it. */
export const canaryBatchIdOf = (receivedAtMs: number, unique: string): string =>
  `${BATCH_PREFIX}${timePart(receivedAtMs)}c${unique}`;

/** Whether the messages of a batch are named by batch and target first. Batches that were stored by older releases are not. */
export const isPackedBatch = (batch: string): boolean => batch[BATCH_PREFIX.length + TIME_LENGTH] === PACKED_MARK;
