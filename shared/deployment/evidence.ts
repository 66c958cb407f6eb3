import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** What is left of one function, once the bundler has taken out what it never calls. The clients of the cloud are not in it. */
export interface Evidence {
  /** Minified code; names of properties and texts are as they were written. */
  code: string;
  /** Source files of which something is left, from the top of the repository. */
  modules: readonly string[];
}

/** Evidence by the name of the function, as its folder below dist/functions is called. */
export type EvidenceByFunction = ReadonlyMap<string, Evidence>;

/** The clients that every deployed function has at hand, whether it calls them or not. */
const CLIENTS = /\/(?:cloud-platform|cloud-environment)\.ts$/;

const withoutClients: Plugin = {
  name: 'without-clients',
  setup: ({ onResolve }) => {
    onResolve({ filter: CLIENTS }, ({ path }) => ({ path, external: true }));
  },
};

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
    .map(({ name }) => name);

/** Entry of every function of a repository, by the name of the function. */
const functionEntries = (root: string): ReadonlyMap<string, string> => {
  const stages = foldersIn(join(root, 'functions')).map((name) => [name, `functions/${name}/index.ts`] as const);
  const channels = foldersIn(join(root, 'functions/deliver'));
  return new Map([
    ...stages,
    ...channels.map((name) => [`deliver-${name}`, `functions/deliver/${name}/index.ts`] as const),
  ]);
};

const evidenceOf = async (root: string, entry: string): Promise<Evidence> => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: 'function.js',
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    charset: 'utf8',
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: [withoutClients],
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return {
    code: outputFiles.map(({ text }) => text).join('\n'),
    modules: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([module]) => module),
  };
};

/** Builds every function of a repository in memory and tells what is left of it. */
export const readEvidence = async (root: string): Promise<EvidenceByFunction> => {
  const entries = [...functionEntries(root)];
  return new Map(
    await Promise.all(entries.map(async ([name, entry]) => [name, await evidenceOf(root, entry)] as const)),
  );
};

/** Whether one of the modules of channels that are left has this in its source. */
export const isInChannels = (root: string, { modules }: Evidence, pattern: RegExp): boolean =>
  modules
    .filter((module) => module.startsWith('shared/channels/'))
    .some((module) => existsSync(join(root, module)) && pattern.test(readFileSync(join(root, module), 'utf8')));
