import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CHANNEL_NAMES } from '../channels/registry.ts';
import type { FunctionContext, FunctionHandler } from '../runtime/function-context.ts';

const STAGES = ['ingest', 'match', 'fanout', 'sweep', 'console'] as const;

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

const load = (directory: string, name: FunctionName): FunctionHandler<unknown> => {
  const file = join(directory, name, 'index.js');
  if (!existsSync(file)) throw new FunctionMissingError(name);
  const bundle: unknown = createRequire(file)(file);
  return bundleSchema.parse(bundle).handler;
};

/** Loads the built functions of these names, the very files that are deployed. Throws {@link FunctionMissingError}, also for a name that is not among them. */
export const loadFunctions = (directory: string, names: readonly FunctionName[] = FUNCTION_NAMES): FunctionBundles => {
  const loaded = new Map(names.map((name) => [name, load(directory, name)]));
  return (name) => {
    const handler = loaded.get(name);
    if (handler === undefined) throw new FunctionMissingError(name);
    return handler;
  };
};

let calls = 0;

/** A context as Function Compute gives it. */
export const callContext = (name: FunctionName): FunctionContext => {
  calls += 1;
  return { requestId: `local-${calls}`, function: { name, timeout: 300 } };
};
