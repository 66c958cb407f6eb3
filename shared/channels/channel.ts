import type { Language } from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http-client.ts';

/** What a message must say, in the language of its reader. */
export interface Notice {
  /** Delivery id: the idempotency key where the provider has one. */
  id: string;
  digest: Digest;
  language: Language;
  /** Where the reader finds the rest; absent when no address of the console is known. */
  link?: string;
  /** Present for a test message asked for by a person. */
  test?: boolean;
}

/** What a channel may use to send. */
export interface ChannelPorts {
  http: HttpClient;
  clock: Clock;
}

/** The provider's own limit on one target. */
export interface Quota {
  /** At most that many messages in any sliding window as the provider sees it. */
  limit: number;
  windowMs: number;
  /** An attempt ends within that time, so a slot is held for the window and this on top. */
  maxSendMs: number;
}

/** One way to reach people. A channel owns its address form, its rendering and the reading of the provider's answer. */
export interface Channel {
  name: string;
  /** Absent when the provider has no limit that we must keep. */
  quota?: Quota;
  /** An attempt takes at most that long. */
  timeoutMs: number;
  /** Whether a pasted URL belongs to this channel. */
  claims(url: URL): boolean;
  /** One attempt. Never throws for what a provider or a network can do. */
  send(notice: Notice, target: Target, ports: ChannelPorts): Promise<Outcome>;
}
