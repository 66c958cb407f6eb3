import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CHANNEL_NAMES } from '../channels/registry.ts';
import type { FunctionContext, FunctionHandler } from '../runtime/function-context.ts';

const STAGES = ['ingest', 'match', 'fanout', 'sweep', 'overview', 'notify-message', 'console'] as const;

/** Name of one function. */
export type FunctionName = (typeof STAGES)[number] | `deliver-${string}`;

/** Every function that the host runs, by the name of its folder below dist/functions: one a stage, one a channel. */
export const FUNCTION_NAMES: readonly FunctionName[] = [
  ...STAGES,
  ...[...CHANNEL_NAMES].map((channel): FunctionName => `deliver-${channel}`),
];

/** The handler of a function, as its bundle exports it. */
export type FunctionBundles = (name: FunctionName) => FunctionHandler<unknown>;

/** A function was not built. */
class FunctionMissingError extends Error {
  readonly code = 'function-missing';
  constructor(name: string, options?: ErrorOptions) {
    super(`The function ${name} is not built. Run npm run build.`, options);
    this.name = 'FunctionMissingError';
  }
}

const isHandler = (value: unknown): value is FunctionHandler<unknown> => typeof value === 'function';
const bundleSchema = z.object({ handler: z.custom<FunctionHandler<unknown>>(isHandler) });

const fileOf = (directory: string, name: FunctionName): string => {
  const file = join(directory, name, 'index.js');
  if (!existsSync(file)) throw new FunctionMissingError(name);
  return file;
};

const load = (file: string): FunctionHandler<unknown> => bundleSchema.parse(createRequire(file)(file)).handler;

/**
 * The built functions of these names, the very files that are deployed; each is loaded when it is called for the first time, as in the
 * cloud. Throws {@link FunctionMissingError} at once for one that was not built, and later for a name that is not among them.
 */
export const loadFunctions = (directory: string, names: readonly FunctionName[] = FUNCTION_NAMES): FunctionBundles => {
  const files = new Map(names.map((name) => [name, fileOf(directory, name)]));
  const loaded = new Map<FunctionName, FunctionHandler<unknown>>();
  return (name) => {
    const file = files.get(name);
    if (file === undefined) throw new FunctionMissingError(name);
    const handler = loaded.get(name) ?? load(file);
    loaded.set(name, handler);
    return handler;
  };
};

let calls = 0;

/** A context as Function Compute gives it. */
export const callContext = (name: FunctionName): FunctionContext => {
  calls += 1;
  return { requestId: `local-${calls}`, function: { name, timeout: 300 } };
};
