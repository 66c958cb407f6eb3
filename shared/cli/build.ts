import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from '../local/function-bundles.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One bundle: where it comes from and where it goes, both relative. */
interface Bundle {
  entry: string;
  out: string;
  options?: BuildOptions;
}

const sourceOf = (name: FunctionName): string => `functions/${name.replace('deliver-', 'deliver/')}/index.ts`;

const functionBundles: readonly Bundle[] = FUNCTION_NAMES.map((name) => ({
  entry: sourceOf(name),
  out: `functions/${name}/index.js`,
}));

// Bundles are CommonJS, where import.meta is empty: modules that look for files beside themselves get the real address.
const WHERE = '__fenghuoModuleUrl';
const atHome: BuildOptions = {
  define: { 'import.meta.url': WHERE },
  banner: { js: `const ${WHERE} = require('node:url').pathToFileURL(__filename).href;` },
  external: ['libsql', 'esbuild'],
};

const commandLine: BuildOptions = { ...atHome, banner: { js: `#!/usr/bin/env node\n${atHome.banner?.js ?? ''}` } };

const machineBundles: readonly Bundle[] = [
  { entry: 'shared/local/main.ts', out: 'local/main.js', options: atHome },
  { entry: 'shared/adapters/local/worker.ts', out: 'local/store-worker.js', options: atHome },
  { entry: 'shared/local/queue-thread.ts', out: 'local/queue-thread.js', options: atHome },
  { entry: 'shared/cli/fenghuo.ts', out: 'cli/fenghuo.js', options: commandLine },
  // Components of Serverless Devs that deploy to a fake cloud.
  { entry: 'shared/deployment/function-component.ts', out: 'deployment/function/index.js' },
  { entry: 'shared/deployment/infrastructure-component.ts', out: 'deployment/infrastructure/index.js' },
];

const bundle = async ({ entry, out, options }: Bundle, outDir: string): Promise<void> => {
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile: join(outDir, out),
    bundle: true,
    minify: true,
    keepNames: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    ...options,
  });
};

/** Builds every function, the one-machine host and the command line into a folder; nothing else in it is touched. */
export const buildAll = async (outDir: string): Promise<void> => {
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
  const bundles = [...functionBundles, ...machineBundles].filter(({ entry }) => existsSync(join(ROOT, entry)));
  await Promise.all(bundles.map((each) => bundle(each, outDir)));
  chmodSync(join(outDir, 'cli/fenghuo.js'), 0o755);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll(process.argv[2] ?? join(ROOT, 'dist'));
