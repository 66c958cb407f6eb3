import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, type Import, importsOf, readSources, type SourceFile } from './support/source-files.ts';
import { textOfTracked, trackedFiles } from './support/tracked-files.ts';

const MAX_FILE_LINES = 300;
const MAX_MEDIAN_LINES = 90;

/** What may stand at the top of the repository besides dotfiles; docs/decisions/0008 says why the last two do. */
const TOP_LEVEL = [
  'README.md',
  'docs',
  'functions',
  'package.json',
  's.yaml',
  'shared',
  'test',
  'tsconfig.json',
  'LICENSE',
  'package-lock.json',
];

/** The address of a package registry or of a mirror of one, which a checkout must never be tied to. */
const REGISTRY_HOST = /\b(?:registry|npm|pypi|mirrors?)\.(?:[a-z0-9-]+\.)+(?:com|org|net|io|cn|dev)\b/gi;
/** A folder of somebody's machine. */
const MACHINE_PATH = /(?<![\w.:/-])\/(?:work\b|root\b|home\/[a-z]|Users\/[a-z]|tmp\/[a-z])[\w./-]*/gi;

const foundIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([found]) => found);

const product = [...readSources('functions'), ...readSources('shared')];
const tests = readSources('test');

/** Who may import whom, by the beginning of the path; `types:` means that only types may be taken. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  'shared/domain/': ['shared/domain/'],
  'shared/ports/': ['shared/ports/', 'types:shared/domain/'],
  'shared/sources/': ['shared/sources/', 'shared/domain/', 'shared/ports/'],
  'shared/channels/': ['shared/channels/', 'shared/domain/', 'shared/ports/'],
  'shared/stages/': [
    'shared/stages/',
    'shared/domain/',
    'shared/ports/',
    'shared/sources/',
    'types:shared/channels/channel.ts',
  ],
  'shared/adapters/': ['shared/adapters/', 'shared/domain/', 'shared/ports/'],
  'shared/console/': [
    'shared/console/',
    'shared/stages/',
    'shared/domain/',
    'shared/ports/',
    'shared/sources/index.ts',
    'types:shared/channels/channel.ts',
  ],
  'shared/runtime/': ['shared/'],
  'shared/local/sandbox/': ['shared/local/sandbox/', 'shared/domain/', 'types:shared/ports/'],
  'shared/local/': ['shared/'],
  'shared/cli/': ['shared/'],
  'shared/deployment/': ['shared/deployment/', 'shared/domain/', 'shared/ports/', 'shared/channels/registry.ts'],
  'functions/': ['shared/stages/', 'shared/console/', 'shared/channels/', 'shared/runtime/', 'shared/domain/'],
};

/** The packages that parts other than adapters may use; SDKs and native packages are for adapters alone. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'shared/runtime/': ['zod/mini', '@middy/core'],
  'shared/cli/build': ['esbuild', 'acorn', 'acorn-walk'],
  'shared/deployment/': ['zod/mini', 'yaml', 'esbuild', '@serverless-devs/parse-spec'],
  'shared/local/sandbox/': ['zod/mini', 'ipaddr.js', 'smtp-server', 'postal-mime'],
  'shared/adapters/': [
    'libsql',
    'undici',
    'nodemailer',
    '@alicloud/fc2',
    '@alicloud/openapi-client',
    'ipaddr.js',
    'tablestore',
    'yaml',
    'zod/mini',
    'esbuild',
  ],
  '': ['zod/mini'],
};

/** What only the edge of the process may touch. */
const EDGE = ['shared/adapters/', 'shared/local/', 'shared/runtime/', 'shared/cli/', 'shared/deployment/'];

const startOf = (table: Readonly<Record<string, unknown>>, path: string): string =>
  Object.keys(table)
    .filter((start) => path.startsWith(start))
    .reduce((best, start) => (start.length > best.length ? start : best), '');

const isProject = (module: string): boolean => /^(?:shared|functions|test)\//.test(module) || module.startsWith('..');

const allows = (rule: string, { module, typeOnly }: Import): boolean =>
  rule.startsWith('types:') ? typeOnly && module.startsWith(rule.slice('types:'.length)) : module.startsWith(rule);

const forbiddenImports = ({ path, imports }: SourceFile): string[] => {
  const rules = RULES[startOf(RULES, path)] ?? [];
  return imports
    .filter((each) => isProject(each.module) && !rules.some((rule) => allows(rule, each)))
    .map((each) => `${path} imports ${each.module}`);
};

const rootOfPackage = (module: string): string => (module.startsWith('undici/') ? 'undici' : module);

const forbiddenPackages = ({ path, imports }: SourceFile): string[] => {
  const allowed = PACKAGES[startOf(PACKAGES, path)] ?? [];
  return imports
    .map(({ module }) => rootOfPackage(module))
    .filter((module) => !isProject(module) && !module.startsWith('node:') && !allowed.includes(module))
    .map((module) => `${path} imports ${module}`);
};

const channelOf = (path: string): string | undefined => /^shared\/channels\/([^/]+)\//.exec(path)?.[1];

const acrossChannels = ({ path, imports }: SourceFile): string[] => {
  const own = channelOf(path);
  return imports
    .filter(({ module }) => own !== undefined && channelOf(module) !== undefined && channelOf(module) !== own)
    .map(({ module }) => `${path} imports ${module}`);
};

const findCycle = (files: readonly SourceFile[]): string[] => {
  // A type is gone before anything runs, so only values can go round in a circle.
  const values = ({ imports }: SourceFile): string[] =>
    imports.filter((each) => !each.typeOnly).map((each) => each.module);
  const graph = new Map(files.map((file) => [file.path, values(file)]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
};

const linesOf = ({ text }: SourceFile): number => text.trimEnd().split('\n').length;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const withoutImports = (code: string): string =>
  code.replaceAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?\bfrom\b[^;]*;/g, '\n');

const matchesIn = (file: SourceFile, pattern: RegExp): string[] =>
  [...withoutImports(file.code).matchAll(pattern)].map(([found]) => `${file.path}: ${found.trim()}`);

const startsWithAny = (path: string, starts: readonly string[]): boolean =>
  starts.some((start) => path.startsWith(start));

describe('the house', () => {
  it('has files to look at', () => {
    expect(product.length).toBeGreaterThan(30);
    expect(tests.length).toBeGreaterThan(5);
    expect(product.some(({ imports }) => imports.length > 0)).toBe(true);
  });

  it('lets every part import only what lies below it', () => {
    expect(product.flatMap(forbiddenImports)).toEqual([]);
  });

  it('lets only adapters import an SDK or a native package', () => {
    expect(product.flatMap(forbiddenPackages)).toEqual([]);
  });

  it('never lets a channel import another channel', () => {
    expect(product.flatMap(acrossChannels)).toEqual([]);
  });

  it('never lets a function import another function', () => {
    const across = product.filter(({ path }) => path.startsWith('functions/'));
    expect(across.flatMap(({ imports }) => imports.filter(({ module }) => module.startsWith('functions/')))).toEqual(
      [],
    );
  });

  it('lets nobody but the build of the command line know the deployment', () => {
    const others = product.filter(({ path }) => !startsWithAny(path, ['shared/deployment/', 'shared/cli/']));
    const known = others.filter(({ imports }) => imports.some(({ module }) => module.startsWith('shared/deployment/')));
    expect(known.map(({ path }) => path)).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(findCycle([...product, ...tests])).toEqual([]);
  });

  it('imports modules that exist', () => {
    const known = new Set([...product, ...tests].map(({ path }) => path));
    const missing = product.flatMap(({ path, imports }) =>
      imports.filter(({ module }) => isProject(module) && !known.has(module)).map(({ module }) => `${path}: ${module}`),
    );
    expect(missing).toEqual([]);
  });

  it('keeps files short', () => {
    const long = product
      .filter((file) => linesOf(file) > MAX_FILE_LINES)
      .map((file) => `${file.path}: ${linesOf(file)}`);
    expect(long).toEqual([]);
    expect(median(product.map(linesOf))).toBeLessThanOrEqual(MAX_MEDIAN_LINES);
  });

  it('keeps the top of the repository to what the layout names', () => {
    const top = new Set(trackedFiles().map((path) => path.split('/', 1)[0] ?? ''));
    expect(top.size).toBeGreaterThan(5);
    expect([...top].filter((name) => !name.startsWith('.') && !TOP_LEVEL.includes(name))).toEqual([]);
  });

  it('names no package registry and no folder of a machine in any file', () => {
    const files = trackedFiles();
    expect(files.length).toBeGreaterThan(200);
    const found = files.flatMap((path) => {
      const text = textOfTracked(path);
      return [...foundIn(text, REGISTRY_HOST), ...foundIn(text, MACHINE_PATH)].map((what) => `${path}: ${what}`);
    });
    expect(found).toEqual([]);
  });

  it('keeps the entry of a function at 30 lines', () => {
    const entries = product.filter(({ path }) => path.startsWith('functions/'));
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.filter((file) => linesOf(file) > 30).map(({ path }) => path)).toEqual([]);
  });

  it('casts nothing outside adapters', () => {
    const files = product.filter(({ path }) => !path.startsWith('shared/adapters/'));
    const casts = files.flatMap((file) => matchesIn(file, /[\w)\]}>]\s+as\s+(?!const\b)[\w{[(][^\n;]{0,40}/g));
    expect(casts).toEqual([]);
  });

  it('reads the clock and sets timers only at the edge of the process', () => {
    const files = product.filter(({ path }) => !startsWithAny(path, EDGE));
    const impure =
      /\bDate\.now\b|\bnew Date\(\s*\)|\bset(?:Timeout|Interval|Immediate)\s*\(|\bperformance\.now\b|\bMath\.random\b/g;
    expect(files.flatMap((file) => matchesIn(file, impure))).toEqual([]);
  });

  it('names files for the one thing they hold', () => {
    const names = [...product, ...tests].map(({ path }) => path);
    expect(
      names.filter(
        (path) =>
          !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.browser)?(?:\.(?:test|suite|d|config))?\.ts$/.test(posix.basename(path)),
      ),
    ).toEqual([]);
    expect(names.filter((path) => /(?:^|[/-])(?:utils?|helpers?|common|managers?|misc)(?:[./-]|$)/.test(path))).toEqual(
      [],
    );
  });

  it('takes zod only as a namespace of zod/mini, and never its core as a value', () => {
    const zod = product.flatMap(({ path, imports }) =>
      imports
        .filter(({ module }) => /^zod/.test(module) && module !== 'zod/mini')
        .map(({ module }) => `${path}: ${module}`),
    );
    expect(zod).toEqual([]);
    // `z.core` as a value drags every locale of zod into the bundle: 370 KB.
    expect(
      product.flatMap((file) => matchesIn(file, /\binstanceof\s+z\.core\b|\bz\.(?:locales|toJSONSchema)\b/g)),
      // 21 KB in the two bundles that give out the schema of the settings file: the console and the command line. The deployment is no bundle
      // that runs in the cloud.
    ).toEqual([
      'shared/deployment/local-component.ts: z.toJSONSchema',
      'shared/domain/settings-json-schema.ts: z.toJSONSchema',
    ]);
  });
});

describe('the reader of sources', () => {
  it('keeps code, also inside of templates, and blanks the rest', () => {
    const template = ['`x as y $', '{b as C + `$', '{d}`} z`'].join('');
    const code = codeOf(`const a = ${template}; // e as F\nconst g = 'h as I'; /* as J */ const k = /as L/g;`);
    expect(code).toContain('b as C');
    expect(code).toContain('d');
    expect(code).not.toMatch(/x as y|e as F|h as I|as J|as L/);
  });

  it('finds imports of every form and tells types from values', () => {
    const text =
      "import type { A } from './a.ts';\nimport {\n  b,\n} from '../b.ts';\nimport './c.ts';\nexport { d } from './d.ts';\nawait import('./e.ts');";
    expect(importsOf('shared/x/f.ts', text)).toEqual([
      { module: 'shared/x/a.ts', typeOnly: true },
      { module: 'shared/b.ts', typeOnly: false },
      { module: 'shared/x/c.ts', typeOnly: false },
      { module: 'shared/x/d.ts', typeOnly: false },
      { module: 'shared/x/e.ts', typeOnly: false },
    ]);
  });

  it('knows the address of a registry and the folder of a machine from other words', () => {
    const host = ['registry', 'example', 'org'].join('.');
    const folder = ['', 'home', 'somebody', 'project'].join('/');
    expect(foundIn(`"resolved": "https://${host}/a.tgz"`, REGISTRY_HOST)).toEqual([host]);
    expect(foundIn(`cd ${folder} && ls`, MACHINE_PATH)).toEqual([folder]);
    expect(foundIn('shared/channels/registry.ts, npm run check, mirror.example', REGISTRY_HOST)).toEqual([]);
    expect(foundIn('/workers, https://a.example/root, ./home/x, /var/lib/fenghuo', MACHINE_PATH)).toEqual([]);
  });

  it('refuses what the rules forbid', () => {
    const file = (path: string, module: string): SourceFile => ({
      path,
      text: '',
      code: '',
      imports: [{ module, typeOnly: false }],
    });
    expect(forbiddenImports(file('shared/domain/a.ts', 'shared/stages/match.ts'))).toHaveLength(1);
    expect(forbiddenImports(file('shared/stages/a.ts', 'shared/channels/channel.ts'))).toHaveLength(1);
    expect(forbiddenPackages(file('shared/stages/a.ts', 'undici'))).toHaveLength(1);
    expect(acrossChannels(file('shared/channels/lark/a.ts', 'shared/channels/slack/b.ts'))).toHaveLength(1);
    expect(findCycle([file('a', 'b'), file('b', 'a')])).toEqual(['a', 'b', 'a']);
  });
});
