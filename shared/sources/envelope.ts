import type { Facts } from './draft.ts';
import type { JsonObject } from './json.ts';

/** One form in which events arrive. A form is detected by its keys and never told by the caller. */
export interface Envelope {
  /** Whether the object has the shape of this envelope; cheap, looks at few keys. */
  claims(body: JsonObject): boolean;
  /** The events in it, at least one for a claimed body. Never fails for missing or odd fields. */
  read(body: JsonObject): readonly Facts[];
  /** The value that it wraps, when it is only the carrier of another envelope. */
  unwrap?(body: JsonObject): unknown;
}
