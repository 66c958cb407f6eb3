import { chmodSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from '../local/function-bundles.ts';
import { withLazyFunctions } from './build-lazy-functions.ts';
import { besideTheFunction, PART_NAMES, PARTS, type PartName, partsOf, withoutUnused } from './build-parts.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One bundle of this machine: where it comes from and where it goes, both relative. */
interface Bundle {
  entry: string;
  out: string;
  options?: BuildOptions;
}

const sourceOf = (name: FunctionName): string => `functions/${name.replace('deliver-', 'deliver/')}/index.ts`;

// Loaded with require, because an import() of a file beside a bundle goes a longer way in Node.
const deployed: BuildOptions = { plugins: [besideTheFunction, withoutUnused], supported: { 'dynamic-import': false } };

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

const SHARED: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  keepNames: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  plugins: [withoutUnused],
};

const bundle = async ({ entry, out, options }: Bundle, outDir: string): Promise<void> => {
  await build({ ...SHARED, entryPoints: [join(ROOT, entry)], outfile: join(outDir, out), ...options });
};

/** A file of a function, which a cold start waits for. */
const deployedText = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({ ...SHARED, ...deployed, entryPoints: [entry], write: false });
  return outputFiles.map(({ text }) => withLazyFunctions(text)).join('');
};

const functionBundle = async (name: FunctionName, outDir: string): Promise<void> => {
  const text = await deployedText(join(ROOT, sourceOf(name)));
  const folder = join(outDir, 'functions', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), text);
};

const part = async (name: PartName, outDir: string): Promise<void> => {
  const text = await deployedText(PARTS[name].entry);
  const users = FUNCTION_NAMES.filter((user) => partsOf(user).includes(name));
  for (const user of users) writeFileSync(join(outDir, 'functions', user, `${name}.js`), text);
};

/** Makes Node take the bundles as CommonJS. Written last and dated back, so that its age is that of the whole build. */
const mark = (outDir: string, began: Date): void => {
  const file = join(outDir, 'package.json');
  writeFileSync(file, '{"type":"commonjs"}\n');
  utimesSync(file, began, began);
};

/** A folder of a function is deployed whole, so what an earlier build left in it goes. */
const removeLeftOver = (outDir: string): void => {
  for (const name of FUNCTION_NAMES) {
    const folder = join(outDir, 'functions', name);
    const built = new Set(['index.js', ...partsOf(name).map((each) => `${each}.js`)]);
    for (const file of readdirSync(folder)) if (!built.has(file)) rmSync(join(folder, file), { recursive: true });
  }
};

/** Builds every function, the one-machine host and the command line into a folder; nothing else in it is touched. */
export const buildAll = async (outDir: string): Promise<void> => {
  const began = new Date();
  mkdirSync(outDir, { recursive: true });
  await Promise.all([
    ...FUNCTION_NAMES.map((name) => functionBundle(name, outDir)),
    ...machineBundles.map((each) => bundle(each, outDir)),
  ]);
  await Promise.all(PART_NAMES.map((name) => part(name, outDir)));
  removeLeftOver(outDir);
  chmodSync(join(outDir, 'cli/fenghuo.js'), 0o755);
  mark(outDir, began);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll(process.argv[2] ?? join(ROOT, 'dist'));
