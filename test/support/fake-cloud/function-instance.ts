import { type ChildProcess, fork } from 'node:child_process';
import type { FunctionSpec, Invocation } from './function-spec.ts';

/** One call as an instance gets it. */
export interface InstanceCall {
  event: Buffer;
  context: object;
  offsetMs: number;
}

interface InstanceOptions {
  bootstrapFile: string;
  env: Readonly<Record<string, string>>;
  /** A line that the function wrote. */
  onLine: (line: string) => void;
}

type FromInstance =
  | { kind: 'loaded'; loadMs: number }
  | { kind: 'done'; ok: true; payload: string }
  | { kind: 'done'; ok: false; message: string };

const unhandled = (message: string): Invocation => ({ ok: false, errorType: 'UnhandledInvocationError', message });

const outcomeOf = (message: Extract<FromInstance, { kind: 'done' }>): Invocation =>
  message.ok
    ? { ok: true, payload: message.payload }
    : { ok: false, errorType: 'HandledInvocationError', message: message.message };

/** One instance of a function: a process that takes one call at a time. */
export class FunctionInstance {
  /** Calls that it was given. */
  calls = 0;
  /** How long its bundle took to load; undefined until then. */
  loadMs: number | undefined;
  readonly #child: ChildProcess;
  readonly #timeoutMs: number;
  #settle: ((outcome: Invocation) => void) | undefined;
  #gone = false;

  constructor({ codeFile, timeoutMs }: FunctionSpec, { bootstrapFile, env, onLine }: InstanceOptions) {
    this.#timeoutMs = timeoutMs;
    this.#child = fork(bootstrapFile, [codeFile], {
      serialization: 'advanced',
      execArgv: [],
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().split('\n')) if (line !== '') onLine(line);
      });
    this.#child.on('message', (message) => this.#heard(message as FromInstance));
    this.#child.on('exit', (code, signal) => {
      this.#gone = true;
      this.#settle?.(unhandled(`the instance ended (${signal ?? code})`));
    });
    this.#child.on('error', () => undefined);
  }

  get isGone(): boolean {
    return this.#gone;
  }

  get isBusy(): boolean {
    return this.#settle !== undefined;
  }

  /** Ends with the answer, or with the end of the instance: what takes longer than its timeout is killed. */
  invoke(call: InstanceCall): Promise<Invocation> {
    this.calls += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill(), this.#timeoutMs);
      this.#settle = (outcome) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(outcome);
      };
      if (this.#gone) this.#settle(unhandled('the instance ended before the call'));
      else this.#child.send(call, () => undefined);
    });
  }

  /** Ends it at once, whatever it is doing. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #heard(message: FromInstance): void {
    if (message.kind === 'loaded') this.loadMs = message.loadMs;
    else this.#settle?.(outcomeOf(message));
  }
}
