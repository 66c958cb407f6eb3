import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { FunctionContext, FunctionHandler } from '../runtime/function-context.ts';

/** Every function that the host runs, by the name of its folder below dist/functions. */
export const FUNCTION_NAMES = [
  'ingest',
  'match',
  'fanout',
  'sweep',
  'console',
  'deliver-dingtalk',
  'deliver-webhook',
] as const;

/** Name of one function. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The handlers, as the bundles export them. */
export type FunctionBundles = Readonly<Record<FunctionName, FunctionHandler<unknown>>>;

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

/** Loads the built functions, the very files that are deployed. Throws {@link FunctionMissingError}. */
export const loadFunctions = (directory: string): FunctionBundles => ({
  ingest: load(directory, 'ingest'),
  match: load(directory, 'match'),
  fanout: load(directory, 'fanout'),
  sweep: load(directory, 'sweep'),
  console: load(directory, 'console'),
  'deliver-dingtalk': load(directory, 'deliver-dingtalk'),
  'deliver-webhook': load(directory, 'deliver-webhook'),
});

let calls = 0;

/** A context as Function Compute gives it. */
export const callContext = (name: FunctionName): FunctionContext => {
  calls += 1;
  return { requestId: `local-${calls}`, function: { name, timeout: 300 } };
};
