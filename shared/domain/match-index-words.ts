const MAX_REMEMBERED = 4_096;
const MAX_SUFFIXES = 64;

/** The number of a word that no rule uses. */
export const UNKNOWN = -1;

/** Words of rules as small numbers from 1 on. Spellings that events have used are remembered, so that folding is paid once. */
export class WordIds {
  readonly #fold: (word: string) => string;
  readonly #ids = new Map<string, number>();
  readonly #remembered = new Map<string, number>();
  readonly #pairs = new Map<string, Map<string, number>>();
  constructor(fold: (word: string) => string) {
    this.#fold = fold;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** The number of a word of a rule; the same word, however it is spelled, has one number. */
  add(word: string): number {
    const folded = this.#fold(word);
    const known = this.#ids.get(folded);
    if (known !== undefined) return known;
    this.#ids.set(folded, this.#ids.size + 1);
    return this.#ids.size;
  }

  /** The number of a word of an event, {@link UNKNOWN} when no rule uses it. */
  find(word: string): number {
    if (this.#ids.size === 0) return UNKNOWN;
    const known = this.#remembered.get(word);
    if (known !== undefined) return known;
    const id = this.#ids.get(this.#fold(word)) ?? UNKNOWN;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(word, id);
    return id;
  }

  /** The number of `<word>:<suffix>`; remembered by both parts, so that they are joined once. */
  findPair(word: string, suffix: string): number {
    const suffixes = this.#pairs.get(word);
    const known = suffixes?.get(suffix);
    if (known !== undefined) return known;
    if (this.#pairs.size >= MAX_REMEMBERED || (suffixes?.size ?? 0) >= MAX_SUFFIXES) this.#pairs.clear();
    const id = this.#ids.get(this.#fold(`${word}:${suffix}`)) ?? UNKNOWN;
    this.#pairs.set(word, (this.#pairs.get(word) ?? new Map<string, number>()).set(suffix, id));
    return id;
  }

  /** The same for words that hardly repeat, such as ids of resources: nothing is remembered. */
  findRare(word: string): number {
    return this.#ids.size === 0 ? UNKNOWN : (this.#ids.get(this.#fold(word)) ?? UNKNOWN);
  }
}
