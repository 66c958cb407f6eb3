import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerSettings } from './protocol.ts';

/*
 * Where the worker's code comes from. In a build, `store-worker.js` (the bundle of worker.ts) lies beside the bundle that
 * this module is part of. From sources there is no such file: then worker.ts is bundled in memory, so that no loader has to
 * work inside the thread, and tests run what the build ships.
 */
const BUNDLER: string = 'esbuild'; // not a literal import: a build must not take its own builder in

const moduleFolder = (): URL =>
  typeof __dirname === 'string' ? pathToFileURL(`${__dirname}/`) : new URL('.', import.meta.url);

/** The thread keeps nothing but prepared statements: a large young generation would only fill with answers that were sent. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

let bundled: Promise<string> | undefined;

const bundleSources = async (): Promise<string> => {
  const { build } = (await import(BUNDLER)) as typeof import('esbuild');
  const entry = new URL('./worker.ts', moduleFolder());
  const result = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['libsql'],
  });
  const text = result.outputFiles[0]?.text ?? '';
  return `((require) => {${text}\n})(require('node:module').createRequire(${JSON.stringify(entry.href)}));`;
};

/** Starts the store worker; `workerUrl` names a built worker that does not lie beside this module. */
export const startWorker = async (settings: WorkerSettings, workerUrl?: URL): Promise<Worker> => {
  const built = workerUrl ?? new URL('./store-worker.js', moduleFolder());
  if (workerUrl !== undefined || existsSync(built))
    return new Worker(built, { workerData: settings, resourceLimits: LIMITS });
  bundled ??= bundleSources();
  return new Worker(await bundled, { eval: true, workerData: settings, resourceLimits: LIMITS });
};
