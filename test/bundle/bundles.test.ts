import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAll } from '../../shared/cli/build.ts';
import { FUNCTION_NAMES } from '../../shared/local/function-bundles.ts';

const KB = 1_024;
const PLAIN_BYTES = 150 * KB;
/** YAML, every envelope and every channel in one function, and every stage for what-if; docs/decisions/0007 and 0019 say why. */
const CONSOLE_BYTES = 760 * KB;
/** Every channel and the playbooks; docs/decisions/0020 says why. */
const NOTIFY_BYTES = 400 * KB;
/** Words, answers and remedies of a provider in two languages; docs/decisions/0012 says why. */
const DELIVERY_BYTES = 200 * KB;

const budgetOf = (name: string): number => {
  if (name === 'console') return CONSOLE_BYTES;
  if (name === 'notify-message') return NOTIFY_BYTES;
  return name.startsWith('deliver-') ? DELIVERY_BYTES : PLAIN_BYTES;
};

// Prints what a fresh process finds in the bundle, and how long it took to load.
const PROBE = `
const from = performance.now();
const bundle = require(process.argv[1]);
const ms = performance.now() - from;
process.stdout.write(JSON.stringify({ exports: Object.keys(bundle), handler: typeof bundle.handler, ms }));
`;

describe('the bundles', () => {
  let out: string;

  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'fenghuo-build-'));
    await buildAll(out);
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it.each(FUNCTION_NAMES)('hold %s within its budget, alone, with its handler', (name) => {
    const file = join(out, 'functions', name, 'index.js');
    const bytes = statSync(file).size;
    const found = JSON.parse(execFileSync(process.execPath, ['-e', PROBE, file], { cwd: tmpdir(), encoding: 'utf8' }));
    console.log(`${name.padEnd(18)} ${(bytes / KB).toFixed(0).padStart(4)} KB  loads in ${found.ms.toFixed(1)} ms`);
    expect(found).toMatchObject({ exports: ['handler'], handler: 'function' });
    expect(bytes).toBeLessThanOrEqual(budgetOf(name));
  });

  it('hold the host, its store worker and the command line', () => {
    for (const file of ['local/main.js', 'local/queue-thread.js', 'local/store-worker.js', 'cli/fenghuo.js']) {
      console.log(`${file.padEnd(24)} ${(statSync(join(out, file)).size / KB).toFixed(0)} KB`);
      expect(existsSync(join(out, file))).toBe(true);
    }
    expect(readFileSync(join(out, 'cli/fenghuo.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(join(out, 'cli/fenghuo.js')).mode & 0o111).toBe(0o111);
  });

  it('run the command line', () => {
    const help = execFileSync(join(out, 'cli/fenghuo.js'), ['--help'], { cwd: tmpdir(), encoding: 'utf8' });
    expect(help).toContain('why EVENT_ID');
  });
});
