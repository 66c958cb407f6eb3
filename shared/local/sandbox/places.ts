import type { SandboxMessage } from './message-log.ts';

/** Places that only received messages are forgotten beyond that, those that were quiet longest first. */
const MAX_PLACES = 1_000;

/** One group, receiver, mailbox or phone of a fake provider, as its users know it. */
export interface Place {
  /** Made up, so that nobody needs the token to speak of the place. */
  id: string;
  provider: string;
  /** Masked as in its messages. */
  target: string;
  /** Name for people; empty when none was given. */
  name: string;
  /** Messages since the record was cleared, those that were refused too. */
  count: number;
  last: SandboxMessage | undefined;
  /** The token, name or number itself. */
  readonly rawTarget: string;
  /** Security settings as they were given last; undefined when nobody set any. */
  settings: unknown;
}

const nameIn = (settings: unknown): string =>
  typeof settings === 'object' && settings !== null && 'name' in settings && typeof settings.name === 'string'
    ? settings.name
    : '';

/** A phone is the same place whether its number was written with or without the code of the mainland. */
const keyOf = (provider: string, rawTarget: string): string =>
  `${provider} ${/^\+?\d+$/.test(rawTarget) ? rawTarget.replace(/^\+?(?:86(?=1\d{10}$))?/, '') : rawTarget}`;

/** All places that were configured or have received something. */
export class PlaceBook {
  readonly #places = new Map<string, Place>();
  readonly #numbers = new Map<string, number>();

  /** Counts a message for its place. */
  received(rawTarget: string, message: SandboxMessage): Place {
    const place = this.#at(message.provider, rawTarget, message.target);
    place.target = message.target;
    place.name = message.name || place.name;
    place.count += 1;
    place.last = message;
    return place;
  }

  /** Remembers the settings of a place; `masked` is shown until its first message. */
  configured(robot: { provider: string; rawTarget: string; masked: string }, settings: unknown): void {
    const place = this.#at(robot.provider, robot.rawTarget, robot.masked);
    place.settings = settings;
    place.name = nameIn(settings);
  }

  find(id: string): Place | undefined {
    return this.list().find((place) => place.id === id);
  }

  list(): Place[] {
    return [...this.#places.values()];
  }

  /** Forgets what was received; places that were configured stay. */
  forget(): void {
    for (const [key, place] of this.#places) {
      if (place.settings === undefined) this.#places.delete(key);
      place.count = 0;
      place.last = undefined;
    }
  }

  /** The place, now the newest of the book. */
  #at(provider: string, rawTarget: string, target: string): Place {
    const key = keyOf(provider, rawTarget);
    const place = this.#places.get(key) ?? this.#made(provider, rawTarget, target);
    this.#places.delete(key);
    this.#places.set(key, place);
    return place;
  }

  #made(provider: string, rawTarget: string, target: string): Place {
    const number = (this.#numbers.get(provider) ?? 0) + 1;
    this.#numbers.set(provider, number);
    this.#dropQuietest();
    const id = `${provider}-${number}`;
    return { id, provider, target, name: '', count: 0, last: undefined, rawTarget, settings: undefined };
  }

  #dropQuietest(): void {
    for (const [key, { settings }] of this.#places) {
      if (this.#places.size < MAX_PLACES) return;
      if (settings === undefined) this.#places.delete(key);
    }
  }
}
