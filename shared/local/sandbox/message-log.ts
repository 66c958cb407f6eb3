/** The oldest messages go when there are more than that. */
export const MAX_KEPT = 10_000;

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
}

/** Which messages to give; the newest `limit` of them, newest last. */
export interface MessageFilter {
  provider: string | undefined;
  /** The token or the masked token. */
  target: string | undefined;
  limit: number;
}

interface Kept {
  message: SandboxMessage;
  rawTarget: string;
}

/** First and last characters of a token, enough to tell robots apart. */
export const maskToken = (token: string): string =>
  token.length <= 8 ? `${token.slice(0, 2)}…` : `${token.slice(0, 4)}…${token.slice(-4)}`;

/** What the fake providers received, in memory. */
export class MessageLog {
  #kept: Kept[] = [];
  #next = 1;

  /** Adds a message and gives it its number. */
  add(rawTarget: string, message: Omit<SandboxMessage, 'id'>): SandboxMessage {
    const numbered = { id: this.#next, ...message };
    this.#next += 1;
    this.#kept.push({ message: numbered, rawTarget });
    if (this.#kept.length > MAX_KEPT * 1.1) this.#kept = this.#kept.slice(-MAX_KEPT);
    return numbered;
  }

  list({ provider, target, limit }: MessageFilter): SandboxMessage[] {
    const wanted = this.#kept
      .slice(-MAX_KEPT)
      .filter(({ message }) => provider === undefined || message.provider === provider)
      .filter(({ message, rawTarget }) => target === undefined || target === rawTarget || target === message.target);
    return limit > 0 ? wanted.slice(-limit).map(({ message }) => message) : [];
  }

  clear(): void {
    this.#kept = [];
  }
}
