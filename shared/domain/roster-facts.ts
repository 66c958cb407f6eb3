import type { Event } from './event.ts';
import { productOf } from './product.ts';

/** A word of a filter or an event in the form in which they are compared: letter case and outer spaces do not count. */
export const foldWord = (word: string): string => word.trim().toLowerCase();

/** A product as filters and events are compared: our code for any word that the vendor uses for it. */
export const foldProduct = productOf;

const addWord = (words: string[], word: string): string[] => {
  words.push(word);
  return words;
};

const writeText = (value: unknown, words: string[]): void => {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') words.push(String(value));
  else if (Array.isArray(value)) for (const item of value) writeText(item, words);
  else for (const [key, item] of Object.entries(value)) writeText(item, addWord(words, key));
};

const contentText = (content: Event['content']): string => {
  const words: string[] = [];
  writeText(content, words);
  return words.join('\n').toLowerCase();
};

/**
 * Where CloudMonitor names the application group of the resource: `groupId` on events, a list with commas in the history, `groupName`
 * beside it in callbacks (capture), `productGroupName` on metric alarms. Whether each event carries one is not published.
 */
const GROUP_KEYS = ['groupId', 'groupName', 'productGroupName'] as const;

const groupsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split(',').map(foldWord);
  if (Array.isArray(value)) return value.flatMap(groupsIn);
  return typeof value === 'number' ? [String(value)] : [];
};

/** What filters look at in one event; each form is made when it is first asked for. */
export class EventFacts {
  readonly event: Event;
  #text: string | undefined;
  #name: string | undefined;
  #nameAndStatus: string | undefined;
  #groups: readonly string[] | undefined;
  constructor(event: Event) {
    this.event = event;
  }
  get product(): string {
    return foldProduct(this.event.product);
  }
  get type(): string {
    return foldWord(this.event.type);
  }
  get name(): string {
    this.#name ??= foldWord(this.event.name);
    return this.#name;
  }
  /** The name with its status, as the vendor's catalogue writes it: `instance:systemmaintenance.reboot:scheduled`. */
  get nameAndStatus(): string {
    this.#nameAndStatus ??= foldWord(`${this.event.name}:${this.event.status}`);
    return this.#nameAndStatus;
  }
  /** Ids and names of the application groups that the event names. */
  get groups(): readonly string[] {
    this.#groups ??= GROUP_KEYS.flatMap((key) => groupsIn(this.event.content[key])).filter((group) => group !== '');
    return this.#groups;
  }
  /** Keys and values of the content in lower case, one a line. */
  get text(): string {
    this.#text ??= contentText(this.event.content);
    return this.#text;
  }
}
