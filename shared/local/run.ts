import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { redactText } from '../domain/redact.ts';
import { BadEnvironmentError } from '../runtime/environment.ts';
import { readEnvironment } from './environment.ts';
import { type Host, startHost } from './host.ts';
import { welcome } from './welcome.ts';

const STOP_WITHIN_MS = 8_000;
const USAGE = 2;
const FAILED = 1;

const say = (text: string): void => {
  process.stdout.write(text);
};

const complain = (text: string): void => {
  process.stderr.write(text);
};

const hasCode = (error: Error): error is Error & { code: unknown } => 'code' in error;

/** Errors with a code of ours explain themselves; anything else is shown with its stack. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return redactText(String(error));
  const known = hasCode(error) && typeof error.code === 'string' && /^[a-z-]+$/.test(error.code);
  return known ? error.message : redactText(error.stack ?? error.message);
};

const fail = (error: unknown): void => {
  complain(`Fenghuo did not start. ${explain(error)}\n`);
  process.exit(error instanceof BadEnvironmentError ? USAGE : FAILED);
};

const stopOnSignal = (starting: Promise<Host>): void => {
  let stopping = false;
  const stop = async (): Promise<void> => {
    // What is not finished in time is still durable and goes on at the next start.
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    const host = await starting;
    await host.stop();
    process.exit(0);
  };
  const onSignal = (): void => {
    if (stopping) process.exit(0);
    stopping = true;
    stop().catch((error: unknown) => {
      complain(`${explain(error)}\n`);
      process.exit(0);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
};

const dieLoudly = (error: unknown): void => {
  complain(`Fenghuo stops after a fault; what was accepted is safe and goes on at the next start. ${explain(error)}\n`);
  process.exit(FAILED);
};

/** The flag has done its work for this thread; while it is set, V8 lets no thread have limits of its own. */
const letThreadsDiffer = (): void => setFlagsFromString('--max-semi-space-size=0');

/** Runs the one-machine mode in this process, from its environment to its end. */
export const run = async (): Promise<void> => {
  process.on('uncaughtException', dieLoudly);
  process.on('unhandledRejection', dieLoudly);
  letThreadsDiffer();
  try {
    const environment = readEnvironment(process.env);
    const starting = startHost({
      environment,
      variables: process.env,
      functionsDirectory: fileURLToPath(new URL('../functions/', import.meta.url)),
      write: complain,
    });
    stopOnSignal(starting);
    say(welcome(await starting, environment));
  } catch (error) {
    fail(error);
  }
};
