import type { Clock } from '../../ports/clock.ts';
import type { SandboxRequest, SandboxResponse } from './answer.ts';
import type { FaultKnobs } from './faults.ts';
import type { MessageLog, SandboxMessage } from './message-log.ts';
import type { SecretOf } from './openapi-signature.ts';

/** What the fake providers share. */
export interface SandboxParts {
  clock: Clock;
  log: MessageLog;
  faults: FaultKnobs;
  /** Who may call the fake OpenAPI; the sandbox's own key when absent. */
  secretOf?: SecretOf | undefined;
}

/** The answer of a fake provider, and the record of the call; the record is shared, so what happens to the answer can be added. */
export interface Served {
  response: SandboxResponse;
  message: SandboxMessage;
}

/** One provider that is called over HTTP, as strict as the real one. */
export interface FakeProvider {
  /** Also the `provider` of its messages and fault knobs. */
  readonly name: string;
  /** The token, name or number that a call below `/sandbox/` is for; undefined when it is no call of this provider. */
  targetOf(request: SandboxRequest): string | undefined;
  /** Answers the call and records it. The fault knobs that replace an answer are its own work; latency and cut connections are not. */
  serve(request: SandboxRequest, target: string): Served;
  /** Replaces the security settings of one target; gives the words of what is wrong with them. Absent when there are none to set. */
  configure?(target: string, settings: unknown): string | undefined;
  /** The message as its readers see it: safe HTML. */
  html(message: SandboxMessage): string;
}
