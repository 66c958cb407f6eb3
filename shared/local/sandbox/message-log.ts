import { randomUUID } from 'node:crypto';
import { PlaceBook } from './places.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** The oldest messages go when there are more than that. */
export const MAX_KEPT = 10_000;

/** What the fault knobs did to one call, besides the cut connection that its answer tells. */
interface FaultEffect {
  /** Code of the answer that was given in place of the real one. */
  code?: string;
  /** How long the answer was held back. */
  latencyMs?: number;
}

/** One message as a fake provider got it. */
export interface SandboxMessage {
  id: number;
  provider: string;
  /** The token, masked; for webhooks the name. */
  target: string;
  /** Name of the group for people, when one was given. */
  name: string;
  receivedAtMs: number;
  /** The parsed body, or its text when it is no JSON. */
  request: unknown;
  /** What the group sees; empty when nothing could be shown. */
  title: string;
  text: string;
  answer: { status: number; body: unknown; reset: boolean };
  /** Whether the group sees it: accepted and not a repetition. */
  shown: boolean;
  /** `msgUuid` or `webhook-id`; empty when there is none. */
  idempotencyKey: string;
  /** Whether an accepted message with that key came before. */
  repeated: boolean;
  /** Absent when no fault knob had a hand in it. */
  fault?: FaultEffect;
}

/** Which messages to give; the newest `limit` of them, newest last. What is left out selects everything. */
export interface MessageFilter {
  limit: number;
  provider?: string | undefined;
  /** The token or the masked token. */
  target?: string | undefined;
  /** Id of a place, see places.ts. */
  place?: string | undefined;
  verdict?: Verdict | undefined;
  /** Words, all of which occur somewhere in the message, the request or the answer; case makes no difference. */
  query?: string | undefined;
  /** Only messages with a higher id. */
  after?: number | undefined;
  /** Only messages with a lower id. */
  before?: number | undefined;
}

/** A message with the id of its place. */
export interface Kept {
  message: SandboxMessage;
  place: string;
}

interface Entry extends Kept {
  rawTarget: string;
}

/** First and last characters of a token, enough to tell robots apart. */
export const maskToken = (token: string): string =>
  token.length <= 8 ? `${token.slice(0, 2)}…` : `${token.slice(0, 4)}…${token.slice(-4)}`;

const haystackOf = ({ title, text, name, target, provider, idempotencyKey, request, answer }: SandboxMessage): string =>
  [title, text, name, target, provider, idempotencyKey, JSON.stringify(request), JSON.stringify(answer.body)]
    .join('\n')
    .toLowerCase();

const wordsOf = (query = ''): string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

type Test = (entry: Entry) => boolean;

/** The cheap tests come first: few messages are left for the search in their whole text. */
const testsOf = ({ provider, target, place, verdict, query, after, before }: MessageFilter): Test[] => {
  const tests: Test[] = [];
  if (after !== undefined) tests.push(({ message }) => message.id > after);
  if (before !== undefined) tests.push(({ message }) => message.id < before);
  if (place !== undefined) tests.push((entry) => entry.place === place);
  if (provider !== undefined) tests.push(({ message }) => message.provider === provider);
  if (target !== undefined) tests.push((entry) => target === entry.rawTarget || target === entry.message.target);
  if (verdict !== undefined) tests.push(({ message }) => verdictOf(message) === verdict);
  const words = wordsOf(query);
  if (words.length > 0)
    tests.push(({ message }) => {
      const haystack = haystackOf(message);
      return words.every((word) => haystack.includes(word));
    });
  return tests;
};

/** What the fake providers received, in memory. */
export class MessageLog {
  readonly places = new PlaceBook();
  #kept: Entry[] = [];
  #next = 1;
  #generation = randomUUID();

  /** Adds a message and gives it its number. */
  add(rawTarget: string, message: Omit<SandboxMessage, 'id'>): SandboxMessage {
    const numbered = { id: this.#next, ...message };
    this.#next += 1;
    this.#kept.push({ message: numbered, rawTarget, place: this.places.received(rawTarget, numbered).id });
    if (this.#kept.length > MAX_KEPT * 1.1) this.#kept = this.#kept.slice(-MAX_KEPT);
    return numbered;
  }

  list(filter: MessageFilter): SandboxMessage[] {
    return this.kept(filter).map(({ message }) => message);
  }

  /** The same as {@link list}, each with its place. */
  kept(filter: MessageFilter): Kept[] {
    const tests = testsOf(filter);
    const wanted: Kept[] = [];
    const oldest = Math.max(0, this.#kept.length - MAX_KEPT);
    for (let index = this.#kept.length - 1; index >= oldest && wanted.length < filter.limit; index -= 1) {
      const entry = this.#kept[index];
      if (entry !== undefined && tests.every((passes) => passes(entry))) wanted.push(entry);
    }
    return wanted.reverse();
  }

  /** The message of that number, as long as it is kept. */
  find(id: number): SandboxMessage | undefined {
    return this.kept({ limit: 1, after: id - 1, before: id + 1 })[0]?.message;
  }

  clear(): void {
    this.#kept = [];
    this.#generation = randomUUID();
    this.places.forget();
  }

  /** Number of the newest message that ever came; 0 before the first. */
  get newest(): number {
    return this.#next - 1;
  }

  /** Another text after each {@link clear} and each start: whoever holds messages of another generation holds what is gone. */
  get generation(): string {
    return this.#generation;
  }
}
