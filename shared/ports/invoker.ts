/** One call of another function of this deployment. */
export interface Invocation {
  /** Name of the function without the prefix of the deployment, such as `deliver-email`. */
  function: string;
  /** What it is asked to do; JSON. Holds names and keys, never an address or a secret. */
  event: Readonly<Record<string, unknown>>;
  /** The whole exchange, with every try, ends after that long. */
  timeoutMs: number;
}

/**
 * Why there is no answer. `sent` says whether the function may have run: `no` when it certainly did not. The code is
 * `function-not-found`, `function-failed`, `throttled`, `no-credentials`, `time-out`, or what the network or the platform said. The
 * message holds nothing of the event and no credential.
 */
export class InvokerError extends Error {
  readonly code: string;
  readonly sent: 'no' | 'maybe';
  constructor(details: { code: string; sent: 'no' | 'maybe'; message: string }, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'InvokerError';
    this.code = details.code;
    this.sent = details.sent;
  }

  /** True for the class of any bundle: the host throws its own copy into functions that carry theirs. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'InvokerError' && 'sent' in value;
  }
}

/**
 * Calls functions and waits for what they return, a JSON value. Repeats a call only while the function certainly did not run. Throws
 * {@link InvokerError}.
 */
export interface Invoker {
  invoke(invocation: Invocation): Promise<unknown>;
}
