/**
 * Seals secrets for the store and opens them again. A sealed text belongs to the place it was sealed for: moved to another one it
 * does not open. Sealing the same text twice gives different results, so sameness is told by {@link Sealer.digest}.
 */
export interface Sealer {
  /** Which key new seals are made with; says nothing about the key itself. */
  readonly keyId: string;
  /** `enc:v1:<key id>:<nonce>:<ciphertext and tag>`, under the newest key. */
  seal(text: string, place: string): string;
  /** The text that was sealed for this place, under any key that is known here. Throws {@link SecretsUnreadableError}. */
  open(sealed: string, place: string): string;
  /** `<key id>:<digest>` under the newest key; who lacks the key cannot try out what a text may have been. */
  digest(text: string): string;
  /** Whether a digest was made of this very text, under any key that is known here. */
  isDigestOf(text: string, digest: string): boolean;
}

const UNKNOWN_KEY =
  'Give this process that key in FENGHUO_SECRET_KEY, or beside a newer one in FENGHUO_SECRET_KEY_PREVIOUS, or put the file secret-key back into the data directory. If the key is lost for good, send the whole settings file with its real secrets (PUT /api/settings, or FENGHUO_SETTINGS at the start).';

/** No key that is known here opens a sealed secret, or it is not what was sealed for this place. Nothing was changed. */
export class SecretsUnreadableError extends Error {
  readonly code = 'secrets-unreadable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SecretsUnreadableError';
  }

  /** The error about a key that is not here. */
  static unknownKey(keyId: string): SecretsUnreadableError {
    return new SecretsUnreadableError(
      `The secrets in the stored settings are sealed under the key ${keyId}, which is not known here; nothing was changed. ${UNKNOWN_KEY}`,
    );
  }

  /** The error about a seal that its own key does not open. */
  static altered(options?: ErrorOptions): SecretsUnreadableError {
    return new SecretsUnreadableError(
      'A secret in the stored settings is not what was sealed for its place: it was altered or moved. Restore a backup, or send the whole settings file with its real secrets (PUT /api/settings).',
      options,
    );
  }

  /** True for the class of any bundle: the host throws its own copy into functions that carry theirs. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && 'code' in value && value.code === 'secrets-unreadable';
  }
}
