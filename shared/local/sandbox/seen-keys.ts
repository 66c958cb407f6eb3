const MAX_KEYS = 10_000;

/** Remembers the last ten thousand idempotency keys; an empty key is never a repetition. */
export class SeenKeys {
  readonly #keys = new Set<string>();

  /** Whether the key was seen before; remembers it. */
  repeats(key: string): boolean {
    if (key === '') return false;
    if (this.#keys.has(key)) return true;
    this.#keys.add(key);
    for (const oldest of this.#keys) {
      if (this.#keys.size <= MAX_KEYS) break;
      this.#keys.delete(oldest);
    }
    return false;
  }
}
