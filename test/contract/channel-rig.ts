import type { ChannelPorts } from '../../shared/channels/channel.ts';
import type { Target } from '../../shared/domain/target.ts';
import type { ProviderAnswer } from '../fixtures/providers/replies.ts';

/** One call or mail as a provider saw it. */
export interface Seen {
  /** HTTP method; `DATA` for a mail. */
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes: an HTTP body, or the raw message of a mail. */
  body: Buffer;
  /** The parameters of an OpenAPI call. */
  form?: Readonly<Record<string, string>>;
}

/**
 * What a rig's provider does with the next calls. `reset`: it takes the message, then cuts the connection. `hang`: it takes the
 * message and never answers. `refuse-connection`: nobody listens.
 */
export type RigAnswer = ProviderAnswer | 'reset' | 'hang' | 'refuse-connection';

/** What a target is made of that nobody may ever read. */
export interface Planted {
  /** 16 to 64 letters and digits. */
  token: string;
  /** `SEC` and hexadecimal digits. */
  secret: string;
}

/**
 * A provider made for tests, and everything that a channel needs to send to it, over real sockets of this machine. One rig serves one
 * channel; the suite sets an answer, makes a target, sends, and looks at what was seen.
 */
export interface Rig {
  /** A target at this provider. Called after each `answerWith`, so that `refuse-connection` can give another place. */
  target(changes?: Partial<Target>): Target;
  /** A target made of these secrets, and every text of it that must not be shown: token, password, number, address. */
  planted(secrets: Planted): { target: Target; hidden: readonly string[] };
  /** The transports. While the answer is `hang` they wait a moment only, whatever they are asked for. */
  readonly ports: ChannelPorts;
  /** Transports of a host whose operator allows no private network; absent when targets have no network address. */
  readonly strictPorts?: ChannelPorts;
  /** What happens from now on; what was seen and asked before is forgotten. */
  answerWith(answer: RigAnswer): void;
  /** What reached the provider whole since then. */
  received(): readonly Seen[];
  /** The time limits that the channel gave to its transport since then, in milliseconds. */
  askedMs(): readonly number[];
  close(): Promise<void>;
}
