import type { RulePattern } from './event-rule.ts';

/** What calls a function. */
export type Trigger =
  | { kind: 'http' }
  | { kind: 'queue'; queue: string; count: number; windowMs: number; deadQueue?: string }
  | { kind: 'timer'; name: string; cron: string; payload: string }
  | { kind: 'event'; pattern: RulePattern };

/** One function as it is deployed. */
export interface FunctionSpec {
  name: string;
  /** Absolute path of its bundle. */
  codeFile: string;
  memoryMb: number;
  cpu: number;
  timeoutMs: number;
  env: Readonly<Record<string, string>>;
  /** More calls than that at once wait for a free instance. */
  maxInstances: number;
  triggers: readonly Trigger[];
}

/** How one call ended. */
export type Invocation =
  | { ok: true; payload: string }
  | { ok: false; errorType: 'HandledInvocationError' | 'UnhandledInvocationError'; message: string };
