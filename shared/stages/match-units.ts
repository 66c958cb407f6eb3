import { CarriedBrief } from '../domain/carried-brief.ts';
import { briefOf, withoutDetails } from '../domain/digest.ts';
import type { Event } from '../domain/event.ts';
import { MAX_MESSAGE_BYTES } from '../domain/message-size.ts';
import type { EventsMessage, Notification } from '../domain/messages.ts';
import type { MatchItem } from './match-record.ts';

const HEAD = '{"kind":"notifications","attempt":0,"units":[';
const TAIL = ']}';
/** A brief whose text is longer goes on without its details, which it counts, so that a message always has room for it and for notifications. */
const MAX_BRIEF_BYTES = 32_000;
/** Commas and brackets between the parts of a unit, generously. */
const UNIT_FRAME_BYTES = 96;

/** One unit as JSON text, with its size. */
export interface UnitText {
  text: string;
  bytes: number;
}

interface OpenUnit {
  events: string[];
  items: string[];
  bytes: number;
  /** Place in the batch of the last event that was put in. */
  lastEvent: number;
}

const bytesOf = (text: string): number => Buffer.byteLength(text);

const briefText = (event: Event): UnitText => {
  const brief = briefOf(event);
  const text = JSON.stringify(CarriedBrief.of(brief).wire);
  const bytes = bytesOf(text);
  if (bytes <= MAX_BRIEF_BYTES) return { text, bytes };
  const short = JSON.stringify(CarriedBrief.of(withoutDetails(brief)).wire);
  return { text: short, bytes: bytesOf(short) };
};

const emptyUnit = (batch: string): OpenUnit => ({
  events: [],
  items: [],
  bytes: UNIT_FRAME_BYTES + bytesOf(batch),
  lastEvent: -1,
});

const notificationText = (e: number, item: MatchItem, mayAck: boolean): string => {
  const [, target, channel, rule, intervalMs, language, , fallback, gate] = item;
  const notification: Notification = {
    e,
    target,
    channel,
    rule,
    intervalMs,
    language,
    fallback: fallback ?? undefined,
    gate,
  };
  if (mayAck) notification.ack = true;
  return JSON.stringify(notification);
};

/** Splits one batch into units; the same batch and items always give the same bytes. */
class UnitWriter {
  readonly units: UnitText[] = [];
  readonly #message: EventsMessage;
  readonly #maxBytes: number;
  /** Rules whose messages somebody may acknowledge. */
  readonly #escalates: ReadonlySet<string>;
  #open: OpenUnit;
  /** The event that items are being put in for, so that one wanted by many targets is written as text once. */
  #event = { at: -1, text: '', bytes: 0 };

  constructor(message: EventsMessage, escalates: readonly string[]) {
    this.#message = message;
    this.#maxBytes = MAX_MESSAGE_BYTES - bytesOf(HEAD + TAIL);
    this.#escalates = new Set(escalates);
    this.#open = emptyUnit(message.batch);
  }

  add(item: MatchItem): void {
    const event = this.#eventText(item[0]);
    const place = this.#open.lastEvent === event.at ? this.#open.events.length - 1 : this.#open.events.length;
    const text = notificationText(place, item, this.#mayAck(item));
    const isNew = place === this.#open.events.length;
    const bytes = bytesOf(text) + 1 + (isNew ? event.bytes + 1 : 0);
    if (this.#open.items.length > 0 && this.#open.bytes + bytes > this.#maxBytes) {
      this.close();
      this.add(item);
      return;
    }
    if (isNew) this.#open.events.push(event.text);
    this.#open.items.push(text);
    this.#open.lastEvent = event.at;
    this.#open.bytes += bytes;
  }

  close(): void {
    const { events, items } = this.#open;
    if (items.length === 0) return;
    const head = `{"batch":${JSON.stringify(this.#message.batch)},"part":${this.units.length}`;
    const text = `${head},"briefs":[${events.join(',')}],"items":[${items.join(',')}]}`;
    this.units.push({ text, bytes: bytesOf(text) });
    this.#open = emptyUnit(this.#message.batch);
  }

  #mayAck([, , , rule, , , others]: MatchItem): boolean {
    if (this.#escalates.size === 0) return false;
    return this.#escalates.has(rule) || others.some((other) => this.#escalates.has(other));
  }

  #eventText(at: number): { at: number; text: string; bytes: number } {
    if (this.#event.at === at) return this.#event;
    const event = this.#message.events[at];
    if (event !== undefined) this.#event = { at, ...briefText(event) };
    return this.#event;
  }
}

/**
 * The notifications of one batch as units, each small enough for a message of its own; a pure function of the batch and of what was
 * decided.
 */
export const unitsOf = (
  message: EventsMessage,
  items: readonly MatchItem[],
  escalates: readonly string[] = [],
): UnitText[] => {
  const writer = new UnitWriter(message, escalates);
  for (const item of items) writer.add(item);
  writer.close();
  return writer.units;
};

/** Bodies of as few messages as hold the units in their order, each body at most `MAX_MESSAGE_BYTES`. */
export const packUnits = (units: readonly UnitText[]): string[] => {
  const frame = bytesOf(HEAD + TAIL);
  const packs: { texts: string[]; bytes: number }[] = [];
  for (const { text, bytes } of units) {
    const last = packs.at(-1);
    if (last !== undefined && last.bytes + bytes + 1 <= MAX_MESSAGE_BYTES) {
      last.texts.push(text);
      last.bytes += bytes + 1;
    } else packs.push({ texts: [text], bytes: frame + bytes });
  }
  return packs.map(({ texts }) => `${HEAD}${texts.join(',')}${TAIL}`);
};
