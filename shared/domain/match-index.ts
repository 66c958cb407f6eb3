import type { Event } from './event.ts';
import { LEVELS, rankOf } from './level.ts';
import { ANY, Buckets, IntList } from './match-index-buckets.ts';
import { type AccessPath, accessPathOf, type DetailKind } from './match-index-path.ts';
import { UNKNOWN, WordIds } from './match-index-words.ts';
import { type AssetScope, CHATBOT_PRODUCT, chatbotStoppedBy } from './roster-chatbot.ts';
import { EventFacts, foldProduct, foldWord } from './roster-facts.ts';
import { isFilter, levelsOf, stoppedBy } from './roster-filter.ts';
import type { Chatbot, Subscription } from './settings.ts';

const EVERY_LEVEL = (1 << LEVELS.length) - 1;

/** The rules to find. A rule is known by its number: subscriptions in their order, then chatbots in theirs. */
export interface IndexedRules {
  subscriptions: readonly Subscription[];
  chatbots: readonly Chatbot[];
  scopes: readonly (AssetScope | undefined)[];
}

const levelMaskOf = ({ levels, blacklist }: Subscription): number =>
  blacklist === true || !isFilter(levels)
    ? EVERY_LEVEL
    : levelsOf(levels).reduce((mask, level) => mask | (1 << rankOf(level)), 0);

const idsOf = (words: readonly string[], ids: WordIds): number[] =>
  words.length === 0 ? [ANY] : [...new Set(words.map((word) => ids.add(word)))];

const asItIs = (word: string): string => word;

const MAX_STAMP = 0xffff_ffff;

/** Events ask for a detail by these words. */
interface Details {
  kind: DetailKind;
  words: WordIds;
  buckets: Buckets;
}

/**
 * Finds the rules that want an event at a cost that grows with the number of rules that match and not with the number of all.
 * Each rule stands in a few buckets, found by product, type and one detail (an exact resource, a name or an account); what the
 * buckets and the level mask do not decide is checked on the candidates only.
 */
export class MatchIndex {
  readonly #rules: IndexedRules;
  readonly #products = new WordIds(foldProduct);
  readonly #types = new WordIds(foldWord);
  readonly #plain: Buckets;
  readonly #names: Details;
  readonly #resources: Details;
  readonly #accounts: Details;
  readonly #levels: Uint8Array;
  readonly #checks: Uint16Array;
  /** The stamp of the last event that met the rule, so that a rule found in two buckets counts once. */
  readonly #seen: Uint32Array;
  #stamp = 0;
  readonly #candidates = new IntList();

  constructor(rules: IndexedRules) {
    const count = rules.subscriptions.length + rules.chatbots.length;
    this.#rules = rules;
    this.#levels = new Uint8Array(count).fill(EVERY_LEVEL);
    this.#checks = new Uint16Array(count);
    this.#seen = new Uint32Array(count);
    const paths = rules.subscriptions.map(accessPathOf);
    for (const [rule, subscription] of rules.subscriptions.entries()) {
      this.#levels[rule] = levelMaskOf(subscription);
      this.#checks[rule] = paths[rule]?.checks ?? 0;
    }
    this.#names = this.#index('name', paths);
    this.#resources = this.#index('resource', paths);
    this.#accounts = this.#index('account', paths);
    this.#plain = this.#index('none', paths).buckets;
  }

  /** Bytes of the packed lists, without the words. */
  get packedBytes(): number {
    const lists = this.#levels.byteLength + this.#checks.byteLength + this.#seen.byteLength;
    return [this.#names, this.#resources, this.#accounts].reduce(
      (sum, { buckets }) => sum + buckets.bytes,
      lists + this.#plain.bytes,
    );
  }

  /** Numbers of the rules that want the event, each once, in their order. */
  match(event: Event): number[] {
    const candidates = this.#candidates;
    candidates.length = 0;
    const key = { product: this.#products.find(event.product), type: this.#types.find(event.type) };
    this.#plain.collect(key, ANY, candidates);
    if (!this.#names.buckets.isEmpty) this.#collectNames(event, key);
    if (!this.#resources.buckets.isEmpty) this.#collectResources(event, key);
    if (!this.#accounts.buckets.isEmpty) this.#collect(this.#accounts, this.#accounts.words.find(event.account), key);
    return candidates.length === 0 ? [] : this.#choose(event);
  }

  #collect({ buckets }: Details, detail: number, key: { product: number; type: number }): void {
    if (detail !== UNKNOWN) buckets.collect(key, detail, this.#candidates);
  }

  #collectNames(event: Event, key: { product: number; type: number }): void {
    const { words } = this.#names;
    this.#collect(this.#names, words.find(event.name), key);
    if (event.status !== '') this.#collect(this.#names, words.findPair(event.name, event.status), key);
  }

  #collectResources({ resource }: Event, key: { product: number; type: number }): void {
    const { words } = this.#resources;
    this.#collect(this.#resources, words.findRare(resource.id), key);
    this.#collect(this.#resources, words.findRare(resource.arn), key);
  }

  #choose(event: Event): number[] {
    const facts = new EventFacts(event);
    const stamp = this.#nextStamp();
    const levelBit = 1 << rankOf(event.level);
    const chosen: number[] = [];
    const { items, length } = this.#candidates;
    for (let at = 0; at < length; at += 1) {
      const rule = items[at] ?? 0;
      if (((this.#levels[rule] ?? 0) & levelBit) === 0 || this.#seen[rule] === stamp) continue;
      this.#seen[rule] = stamp;
      if (this.#passes(rule, facts)) chosen.push(rule);
    }
    return chosen.length > 1 ? chosen.sort((one, other) => one - other) : chosen;
  }

  #passes(rule: number, facts: EventFacts): boolean {
    const checks = this.#checks[rule] ?? 0;
    const subscription = this.#rules.subscriptions[rule];
    if (subscription !== undefined) return checks === 0 || stoppedBy(subscription, facts, checks) === undefined;
    const at = rule - this.#rules.subscriptions.length;
    const chatbot = this.#rules.chatbots[at];
    return chatbot !== undefined && chatbotStoppedBy(chatbot, this.#rules.scopes[at], facts) === undefined;
  }

  #nextStamp(): number {
    if (this.#stamp === MAX_STAMP) {
      this.#seen.fill(0);
      this.#stamp = 0;
    }
    this.#stamp += 1;
    return this.#stamp;
  }

  #index(kind: DetailKind, paths: readonly AccessPath[]): Details {
    const words = new WordIds(kind === 'name' ? foldWord : asItIs);
    const postings = new IntList();
    for (const [rule, path] of paths.entries())
      if (path.kind === kind && this.#rules.subscriptions[rule]?.enabled !== false)
        this.#post({ rule, path, words }, postings);
    if (kind === 'none') this.#postChatbots(postings);
    return { kind, words, buckets: new Buckets(postings) };
  }

  #post({ rule, path, words }: { rule: number; path: AccessPath; words: WordIds }, postings: IntList): void {
    const details = idsOf(path.details, words);
    const types = idsOf(path.types, this.#types);
    for (const product of idsOf(path.products, this.#products))
      for (const type of types)
        for (const detail of details) for (const item of [product, type, detail, rule]) postings.push(item);
  }

  #postChatbots(postings: IntList): void {
    for (const [at, chatbot] of this.#rules.chatbots.entries()) {
      if (chatbot.enabled === false) continue;
      const rule = this.#rules.subscriptions.length + at;
      for (const item of [this.#products.add(CHATBOT_PRODUCT), ANY, ANY, rule]) postings.push(item);
    }
  }
}
