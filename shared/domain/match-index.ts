import type { Event } from './event.ts';
import { type EventPattern, eventPatternOf, fitsPattern } from './event-pattern.ts';
import { LEVELS, rankOf } from './level.ts';
import { ABSENT } from './list-change.ts';
import { ANY, Buckets, IntList } from './match-index-buckets.ts';
import { DenyLists, type DenyQuestion } from './match-index-denies.ts';
import { type AccessPath, accessPathOf, type DetailKind } from './match-index-path.ts';
import { UNKNOWN, WordIds } from './match-index-words.ts';
import { EventFacts, foldProduct, foldWord } from './roster-facts.ts';
import { EVERY_LEVEL, filterBit, levelMaskOf, stoppedBy } from './roster-filter.ts';
import type { Subscription } from './settings.ts';

/** Where the filters to check stand in the packed word of a rule, above the bits of its levels. */
const CHECKS_SHIFT = LEVELS.length;
const DENIES = filterBit('blacklisted') << CHECKS_SHIFT;
/** The rule stands under several details, so an event can find it twice. */
const FOUND_TWICE = 1 << 30;
const CHECKS = FOUND_TWICE - 1 - EVERY_LEVEL;
const SLOW_CHECKS = CHECKS & ~DENIES;
const PATTERN_ALONE = filterBit('pattern-not-wanted');

const packedOf = ({ levels, blacklist }: Subscription, { checks, details }: AccessPath): number =>
  (blacklist === true ? EVERY_LEVEL : levelMaskOf(levels)) |
  (checks << CHECKS_SHIFT) |
  (details.length > 1 ? FOUND_TWICE : 0);

const idsOf = (words: readonly string[], ids: WordIds): number[] =>
  words.length === 0 ? [ANY] : [...new Set(words.map((word) => ids.add(word)))];

const asItIs = (word: string): string => word;

const MAX_STAMP = 0xffff_ffff;

/** The same rules under their other numbers, in place and without those that no longer exist. */
const renumbered = (rules: number[], numbers: Int32Array): number[] => {
  let kept = 0;
  for (const rule of rules) {
    const number = numbers[rule] ?? ABSENT;
    if (number === ABSENT) continue;
    rules[kept] = number;
    kept += 1;
  }
  rules.length = kept;
  return rules;
};

/** Events ask for a detail by these words. */
interface Details {
  kind: DetailKind;
  words: WordIds;
  buckets: Buckets;
}

/**
 * Finds the subscriptions that want an event at a cost that grows with the number of those that match and not with the number of all.
 * A rule is a subscription by its place in the list. Each stands in a few buckets, found by product, type and one detail (an exact resource, a name or an account); what the
 * buckets and the level mask do not decide is checked on the candidates only.
 */
export class MatchIndex {
  readonly #subscriptions: readonly Subscription[];
  readonly #products = new WordIds(foldProduct);
  readonly #types = new WordIds(foldWord);
  readonly #plain: Buckets;
  readonly #names: Details;
  readonly #resources: Details;
  readonly #accounts: Details;
  /** Levels, filters to check and flags of each rule, in one word because each look costs a miss of the processor's cache. */
  readonly #packed: Int32Array;
  /** The stamp of the last event that met the rule, so that a rule found in two buckets counts once. */
  readonly #seen: Uint32Array;
  #stamp = 0;
  /** Whether any rule is for every product; if none is, an event of a product that no rule names is done at once. */
  readonly #hasAnyProduct: boolean;
  readonly #candidates = new IntList();
  readonly #denies: DenyLists;
  /** Patterns by rule; empty when there is none, so that files without them pay nothing. */
  readonly #patterns: readonly (EventPattern | undefined)[];
  readonly #asked: DenyQuestion = { name: UNKNOWN, nameAndStatus: UNKNOWN, levelBit: 0 };

  constructor(subscriptions: readonly Subscription[]) {
    this.#subscriptions = subscriptions;
    this.#packed = new Int32Array(subscriptions.length);
    this.#seen = new Uint32Array(subscriptions.length);
    this.#patterns = subscriptions.some(({ pattern }) => pattern !== undefined)
      ? subscriptions.map(({ pattern }) => pattern && eventPatternOf(pattern))
      : [];
    const paths = subscriptions.map(accessPathOf);
    this.#hasAnyProduct = paths.some(({ products }) => products.length === 0);
    for (const [rule, path] of paths.entries()) {
      const subscription = subscriptions[rule];
      if (subscription !== undefined) this.#packed[rule] = packedOf(subscription, path);
    }
    this.#names = this.#index('name', paths);
    this.#denies = new DenyLists(subscriptions, this.#names.words);
    this.#resources = this.#index('resource', paths);
    this.#accounts = this.#index('account', paths);
    this.#plain = this.#index('none', paths).buckets;
  }

  /** Bytes of the packed lists, without the words. */
  get packedBytes(): number {
    const lists = this.#packed.byteLength + this.#seen.byteLength + this.#denies.bytes;
    return [this.#names, this.#resources, this.#accounts].reduce(
      (sum, { buckets }) => sum + buckets.bytes,
      lists + this.#plain.bytes,
    );
  }

  /**
   * Numbers of the rules that want the event, each once, in no order. Other numbers may be given for the rules, below 0 for one that
   * no longer exists.
   */
  match(event: Event, numbers?: Int32Array): number[] {
    const candidates = this.#candidates;
    candidates.length = 0;
    const product = this.#products.find(event.product);
    if (product === UNKNOWN && !this.#hasAnyProduct) return [];
    const key = { product, type: this.#types.find(event.type) };
    this.#plain.collect(key, ANY, candidates);
    this.#asked.name = this.#names.words.find(event.name);
    this.#asked.nameAndStatus = event.status === '' ? UNKNOWN : this.#names.words.findPair(event.name, event.status);
    this.#collect(this.#names, this.#asked.name, key);
    this.#collect(this.#names, this.#asked.nameAndStatus, key);
    if (!this.#resources.buckets.isEmpty) this.#collectResources(event, key);
    if (!this.#accounts.buckets.isEmpty) this.#collect(this.#accounts, this.#accounts.words.find(event.account), key);
    const chosen = candidates.length === 0 ? [] : this.#choose(event);
    return numbers === undefined ? chosen : renumbered(chosen, numbers);
  }

  #collect({ buckets }: Details, detail: number, key: { product: number; type: number }): void {
    if (detail !== UNKNOWN) buckets.collect(key, detail, this.#candidates);
  }

  #collectResources({ resource }: Event, key: { product: number; type: number }): void {
    const { words } = this.#resources;
    this.#collect(this.#resources, words.findRare(resource.id), key);
    this.#collect(this.#resources, words.findRare(resource.arn), key);
  }

  #choose(event: Event): number[] {
    const facts = new EventFacts(event);
    this.#nextStamp();
    const levelBit = 1 << rankOf(event.level);
    this.#asked.levelBit = levelBit;
    const chosen: number[] = [];
    const { items, length } = this.#candidates;
    for (let at = 0; at < length; at += 1) {
      const rule = items[at] ?? 0;
      const packed = this.#packed[rule] ?? 0;
      if ((packed & levelBit) === 0 || this.#wasFound(rule, packed)) continue;
      if ((packed & CHECKS) === 0 || this.#passes(rule, facts)) chosen.push(rule);
    }
    return chosen;
  }

  #wasFound(rule: number, packed: number): boolean {
    if ((packed & FOUND_TWICE) === 0) return false;
    const found = this.#seen[rule] === this.#stamp;
    this.#seen[rule] = this.#stamp;
    return found;
  }

  #passes(rule: number, facts: EventFacts): boolean {
    const packed = this.#packed[rule] ?? 0;
    if ((packed & DENIES) !== 0 && this.#denies.stops(rule, this.#asked)) return false;
    return (packed & SLOW_CHECKS) === 0 || this.#passesSlowly(rule, facts);
  }

  #passesSlowly(rule: number, facts: EventFacts): boolean {
    const checks = ((this.#packed[rule] ?? 0) & SLOW_CHECKS) >> CHECKS_SHIFT;
    const pattern = checks === PATTERN_ALONE ? this.#patterns[rule] : undefined;
    if (pattern !== undefined) return fitsPattern(pattern, facts.event);
    const subscription = this.#subscriptions[rule];
    return subscription !== undefined && stoppedBy(subscription, facts, checks) === undefined;
  }

  #nextStamp(): void {
    if (this.#stamp === MAX_STAMP) {
      this.#seen.fill(0);
      this.#stamp = 0;
    }
    this.#stamp += 1;
  }

  #index(kind: DetailKind, paths: readonly AccessPath[]): Details {
    const words = new WordIds(kind === 'name' ? foldWord : asItIs);
    const postings = new IntList();
    for (const [rule, path] of paths.entries())
      if (path.kind === kind && this.#subscriptions[rule]?.enabled !== false)
        this.#post({ rule, path, words }, postings);
    return { kind, words, buckets: new Buckets(postings) };
  }

  #post({ rule, path, words }: { rule: number; path: AccessPath; words: WordIds }, postings: IntList): void {
    const details = idsOf(path.details, words);
    const types = idsOf(path.types, this.#types);
    for (const product of idsOf(path.products, this.#products))
      for (const type of types)
        for (const detail of details) for (const item of [product, type, detail, rule]) postings.push(item);
  }
}
