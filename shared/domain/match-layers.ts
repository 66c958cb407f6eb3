import type { Event } from './event.ts';
import { ABSENT, type ListChange } from './list-change.ts';
import { MatchIndex } from './match-index.ts';
import { chatbotStoppedBy } from './roster-chatbot.ts';
import { EventFacts } from './roster-facts.ts';
import type { Rules } from './roster-rules.ts';
import { isOfSecurityCenter } from './security-center.ts';

/** An index of subscriptions that stays as it is, and what became of them since. */
export interface IndexBase {
  index: MatchIndex;
  /** Absent: nothing has changed. */
  change?: ListChange;
}

/** Numbers of the subscriptions that the base does not know as they are now. */
const newcomersOf = ({ change }: IndexBase): Int32Array => {
  const newcomers: number[] = [];
  const from = change?.from ?? new Int32Array();
  for (let rule = 0; rule < from.length; rule += 1) if (from[rule] === ABSENT) newcomers.push(rule);
  return Int32Array.from(newcomers);
};

/**
 * Finds the rules that want an event: in the large index of a base, of which some subscriptions may be gone, in a small one of those
 * that are new, and among the chatbots. A change of few subscriptions makes a new small index and leaves the base as it is.
 */
export class MatchLayers {
  readonly #rules: Rules;
  readonly #base: IndexBase;
  readonly #newcomers: Int32Array;
  readonly #overlay: MatchIndex | undefined;

  constructor(rules: Rules, base: IndexBase) {
    this.#rules = rules;
    this.#base = base;
    this.#newcomers = newcomersOf(base);
    const { subscriptions } = rules;
    const newcomers = [...this.#newcomers].flatMap((rule) => subscriptions[rule] ?? []);
    this.#overlay = newcomers.length === 0 ? undefined : new MatchIndex(newcomers);
  }

  /** Numbers of the rules that want the event, each once, in no order. */
  match(event: Event): number[] {
    const found = this.#base.index.match(event, this.#base.change?.to);
    if (this.#overlay !== undefined) found.push(...this.#overlay.match(event, this.#newcomers));
    if (this.#rules.chatbots.length > 0 && isOfSecurityCenter(event)) this.#addChatbots(event, found);
    return found;
  }

  #addChatbots(event: Event, found: number[]): void {
    const { chatbots, scopes, subscriptions } = this.#rules;
    const facts = new EventFacts(event);
    for (const [at, chatbot] of chatbots.entries())
      if (chatbot.enabled !== false && chatbotStoppedBy(chatbot, scopes[at], facts) === undefined)
        found.push(subscriptions.length + at);
  }
}
