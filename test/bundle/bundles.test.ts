import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PART_NAMES, type PartName, partsOf } from '../../shared/cli/build-parts.ts';
import { FUNCTION_NAMES } from '../../shared/local/function-bundles.ts';
import { bundlesAlone } from '../support/built.ts';

const KB = 1_024;
const PLAIN_BYTES = 150 * KB;
/** Every channel and the playbooks; docs/decisions/0020 says why. */
const NOTIFY_BYTES = 400 * KB;
/** Words, answers and remedies of a provider in two languages; docs/decisions/0012 and 0033 say why. */
const DELIVERY_BYTES = 220 * KB;

const budgetOf = (name: string): number => {
  if (name === 'notify-message') return NOTIFY_BYTES;
  return name.startsWith('deliver-') ? DELIVERY_BYTES : PLAIN_BYTES;
};

/** With undici or nodemailer, and with an SDK of the cloud; docs/decisions/0022 says what is in them. */
const PART_BYTES: Readonly<Record<PartName, number>> = {
  cloud: 420 * KB,
  mail: 420 * KB,
  records: 250 * KB,
  rules: 350 * KB,
  channels: 500 * KB,
  tablestore: 900 * KB,
  openapi: 900 * KB,
  invoker: 150 * KB,
  yaml: 150 * KB,
};

// Prints what a fresh process finds in a file, which files it loaded, and how long that took.
const PROBE = `
const from = performance.now();
const bundle = require(process.argv[1]);
const ms = performance.now() - from;
const files = Object.keys(require.cache).map((file) => require('node:path').basename(file));
process.stdout.write(JSON.stringify({ exports: Object.keys(bundle), handler: typeof bundle.handler, files, ms }));
`;

const probe = (file: string): { ms: number } =>
  JSON.parse(execFileSync(process.execPath, ['-e', PROBE, file], { cwd: tmpdir(), encoding: 'utf8' }));

describe('the bundles', () => {
  const bundles = bundlesAlone();
  afterAll(() => rmSync(bundles, { recursive: true, force: true }));

  const report = (name: string, bytes: number, ms: number): void =>
    console.log(`${name.padEnd(28)} ${(bytes / KB).toFixed(0).padStart(4)} KB  loads in ${ms.toFixed(1)} ms`);

  it.each(FUNCTION_NAMES)('hold %s within its budget, with its handler, and load nothing else', (name) => {
    const file = join(bundles, 'functions', name, 'index.js');
    const bytes = statSync(file).size;
    const found = probe(file);
    report(name, bytes, found.ms);
    expect(found).toMatchObject({ exports: ['handler'], handler: 'function', files: ['index.js'] });
    expect(bytes).toBeLessThanOrEqual(budgetOf(name));
  });

  it.each(FUNCTION_NAMES)('put beside %s exactly the parts that it may need', (name) => {
    const files = readdirSync(join(bundles, 'functions', name));
    expect(files.sort()).toEqual(['index.js', ...partsOf(name).map((part) => `${part}.js`)].sort());
  });

  it.each(PART_NAMES)('hold the part %s within its budget, and it loads alone', (part) => {
    const owner = FUNCTION_NAMES.find((name) => partsOf(name).includes(part)) ?? '';
    const file = join(bundles, 'functions', owner, `${part}.js`);
    const bytes = statSync(file).size;
    const found = probe(file);
    report(`part ${part}`, bytes, found.ms);
    expect(found).toMatchObject({ files: [`${part}.js`] });
    expect(bytes).toBeLessThanOrEqual(PART_BYTES[part]);
  });

  it('hold the host, its store worker and the command line', () => {
    for (const file of ['local/main.js', 'local/queue-thread.js', 'local/store-worker.js', 'cli/fenghuo.js']) {
      console.log(`${file.padEnd(24)} ${(statSync(join(bundles, file)).size / KB).toFixed(0)} KB`);
      expect(existsSync(join(bundles, file))).toBe(true);
    }
    expect(readFileSync(join(bundles, 'cli/fenghuo.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(join(bundles, 'cli/fenghuo.js')).mode & 0o111).toBe(0o111);
  });

  it('run the command line', () => {
    const help = execFileSync(join(bundles, 'cli/fenghuo.js'), ['--help'], { cwd: tmpdir(), encoding: 'utf8' });
    expect(help).toContain('why EVENT_ID');
  });
});
