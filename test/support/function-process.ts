import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

/** What one invocation came to, and the lines it wrote to its log. */
export interface Invoked {
  result?: unknown;
  error?: { code?: string; message: string };
  log: string[];
}

/** Answers each line of its input, an event and a context, with a line; a warm instance of one function. */
const RUNNER = `
const { handler } = require(process.argv[1]);
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const { event, context } = JSON.parse(line);
  const log = [];
  const write = (text) => void log.push(text);
  const logger = { debug: write, info: write, warn: write, error: write };
  const answer = await handler(Buffer.from(event), { ...context, logger }).then(
    (result) => ({ result }),
    ({ code, message }) => ({ error: { code, message } }),
  );
  process.stdout.write(JSON.stringify({ ...answer, log }) + '\\n');
});
`;

/** A built function in a process of its own, with nothing around it but its environment: as Function Compute runs it. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(file: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, ['-e', RUNNER, file], {
      cwd: tmpdir(),
      env: { ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** One invocation; the next one begins when this one is over, as on an instance of a built-in runtime. */
  async invoke(event: unknown, context: object = {}): Promise<Invoked> {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    this.#child.stdin!.write(`${JSON.stringify({ event: text, context })}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error('the function process has ended');
    return JSON.parse(answer.value) as Invoked;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin!.end();
    await ended;
  }
}
