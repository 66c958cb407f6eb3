import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../shared/adapters/local/thread-priority.ts', import.meta.url));
const NOBODY = 65_534;

const bundled = buildSync({ entryPoints: [MODULE], bundle: true, write: false, platform: 'node', format: 'cjs' });
const CODE = `const { setThreadPriority } = ((module) => { ${bundled.outputFiles[0]?.text}; return module.exports; })({});
const { Worker } = require('node:worker_threads');
const { getPriority } = require('node:os');`;

/** What a process prints that runs this behind the module; as a user without privileges, whoever runs the tests. */
const printedBy = (script: string): string =>
  execFileSync(process.execPath, ['-e', `${CODE} ${script}`], {
    encoding: 'utf8',
    cwd: '/',
    ...(process.getuid?.() === 0 ? { uid: NOBODY } : {}),
  }).trim();

describe.runIf(process.platform === 'linux')('the priority of a thread', () => {
  it('is that of the thread which asks, and of no other', () => {
    const inWorker = `${JSON.stringify(CODE)} + 'setThreadPriority(19); console.log(getPriority());'`;
    const script = `const before = getPriority();
      new Worker(${inWorker}, { eval: true }).on('exit', () => console.log(getPriority() - before));`;
    expect(printedBy(script)).toBe('19\n0');
  });

  it('stays as it is where it may not be raised, and nothing fails', () => {
    const script = 'const before = getPriority(); setThreadPriority(-20); console.log(getPriority() - before);';
    expect(printedBy(script)).toBe('0');
  });
});
