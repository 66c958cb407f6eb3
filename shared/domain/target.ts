import type { Language } from './delivery.ts';

/** Who is called by name in a group message. */
export interface Mentions {
  phones: readonly string[];
  userIds: readonly string[];
  all: boolean;
}

/** One address on one channel, as the settings in force give it. The URL and the secret must never be logged or shown. */
export interface Target {
  /** Channel and hash of the address. */
  key: string;
  channel: string;
  /** For people: `chatbot secops` or `contact lark-bot`. */
  name: string;
  url: string;
  secret?: string;
  keywords: readonly string[];
  mentions: Mentions;
  /** IANA name, for the times in messages. */
  timezone: string;
  language: Language;
}
