import type { Language, LateReason } from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import type { WordedMessage } from '../domain/notify-message.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http-client.ts';
import type { MailTransport } from '../ports/mail-transport.ts';
import type { OpenApi } from '../ports/openapi.ts';
import type { TableStore } from '../ports/table-store.ts';

/** What a message must say, in the language of its reader. */
export interface Notice {
  /** Delivery id: the idempotency key where the provider has one. */
  id: string;
  digest: Digest;
  language: Language;
  /** Where the reader finds the rest; absent when no address of the console is known. */
  link?: string | undefined;
  /** Present for a test message asked for by a person. */
  test?: boolean;
  /** Present for a message that its sender worded: it is told as it stands there, and the digest only says what it is about. */
  worded?: WordedMessage;
  /** Present when another channel was asked first and failed, or did not deliver in time: the reader is told so. */
  insteadOf?: InsteadOf | undefined;
  /** Present when it is sent again long after it happened, because a person asked for that: the reader is told so, and what became of it before. */
  late?: LateReason | undefined;
  /** Where the reader says that somebody takes it on; absent when nobody waits for that, or no address of the console is known. */
  ackLink?: string | undefined;
  /** Present when the message is there because nobody acknowledged what was told before. */
  escalation?: Escalation | undefined;
}

/** The channel that was asked first, the name of the target there, and what became of it. */
export interface InsteadOf {
  channel: string;
  name: string;
  why: 'failed' | 'late';
}

/** Why a message comes although its events were told before: nobody has acknowledged them. */
export interface Escalation {
  /** Told to further groups, or once more to the same people. */
  kind: 'escalated' | 'repeated';
  /** Which step or repeat, the first being 1. */
  n: number;
  of: number;
  policy: string;
  /** When people were told first; absent when nobody could be told. */
  sinceMs?: number;
  atMs: number;
  /** Who was told, or should have been; `name` may be empty. */
  told: readonly { channel: string; name: string }[];
}

/** What a channel may use to send. */
export interface ChannelPorts {
  http: HttpClient;
  mail: MailTransport;
  openapi: OpenApi;
  /** For a channel whose provider is this very system: the inbox. */
  store: TableStore;
  clock: Clock;
}

/** One limit of a provider: at most that many messages in any sliding window as the provider sees it. */
interface QuotaWindow {
  limit: number;
  windowMs: number;
}

/** The provider's own limits on one target; all of them hold at the same time. */
export interface Quota {
  windows: readonly QuotaWindow[];
  /** An attempt ends within that time, so a slot is held for the window and this on top. */
  maxSendMs: number;
}

/** One way to reach people. A channel owns its address form, its rendering and the reading of the provider's answer. */
export interface Channel {
  name: string;
  /** The limits that hold for this target; undefined when the provider has none that we must keep. */
  quotaOf?(target: Target): Quota | undefined;
  /** Earliest instant at which a message to this target should go, when now is a bad moment for the provider; `nowMs` when it is not. */
  notBeforeMs?(target: Target, nowMs: number): number;
  /** False when an attempt without an answer must never be repeated, because the provider knows no idempotency and people would be called twice. */
  repeatsUnanswered?: false;
  /** An attempt takes at most that long. */
  timeoutMs: number;
  /** Whether a pasted URL belongs to this channel. */
  claims(url: URL): boolean;
  /** One attempt. Never throws for what a provider or a network can do. */
  send(notice: Notice, target: Target, ports: ChannelPorts): Promise<Outcome>;
  /**
   * Asks whether anything would arrive at this target, without showing a message to anybody. Counts as one message of the quota and takes at most
   * `timeoutMs`. `unknown` when the provider did not say; never throws. Absent where the provider gives no way to ask.
   */
  probe?(target: Target, ports: ChannelPorts): Promise<'alive' | 'dead' | 'unknown'>;
}
