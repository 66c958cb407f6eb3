import type { Language } from './delivery.ts';

/** Who is called by name in a group message. */
export interface Mentions {
  phones: readonly string[];
  userIds: readonly string[];
  all: boolean;
}

/** One robot among several that share the work of a target. The address and the secret must never be logged or shown. */
export interface PoolMember {
  /** Channel and hash of the address; its quota is counted under it. */
  key: string;
  address: string;
  secret?: string;
  keywords: readonly string[];
}

/** How a plain webhook wants to be called. */
export interface WebhookOptions {
  method: 'POST' | 'GET';
  /** `standard`: our JSON; `cloudevents`: one CloudEvent; `form`: the fields of CloudMonitor's own callback. */
  format: 'standard' | 'cloudevents' | 'form';
  headers: Readonly<Record<string, string>>;
  /** A secret that is being replaced: both sign until it is taken out. */
  previousSecret?: string;
}

/** The sender of mails: a resource instance of the settings. The password must never be logged or shown. */
export interface SmtpAccount {
  /** Name of the resource instance. */
  name: string;
  /** `host:port` or `host` as the settings have it; absent when it must be inferred from the domain of the user. */
  server?: string;
  user: string;
  password: string;
}

/** What a text message is sent with. */
export interface SmsOptions {
  signName: string;
  templateCode: string;
  /** For numbers outside of the mainland: who it comes from. */
  internationalFrom?: string;
}

/** What a voice call is made with. */
export interface VoiceOptions {
  ttsCode: string;
}

/** One address on one channel, as the settings in force give it. The address and the secret must never be logged or shown. */
export interface Target {
  /** Channel and hash of the address. */
  key: string;
  channel: string;
  /** For people: `chatbot secops` or `contact lark-bot`. */
  name: string;
  /** URL of a robot or webhook, mailbox, phone number (`+8613800000000`), or user of the inbox. */
  address: string;
  secret?: string;
  keywords: readonly string[];
  mentions: Mentions;
  /** IANA name, for the times in messages. */
  timezone: string;
  language: Language;
  /** All robots that may carry a message to this target, the first one with this target's own address; absent when there is only that. */
  pool?: readonly PoolMember[];
  /** Messages a minute that the settings allow, where the provider's limit can be chosen. */
  perMinute?: number;
  webhook?: WebhookOptions;
  smtp?: SmtpAccount;
  sms?: SmsOptions;
  voice?: VoiceOptions;
}
