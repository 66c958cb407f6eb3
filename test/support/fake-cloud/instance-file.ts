import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const SOURCE = fileURLToPath(new URL('./instance-bootstrap.ts', import.meta.url));

/** Writes what an instance runs first as a file that Node takes as it is: starting it must cost no more than the function itself. */
export const writeInstanceFile = (): string => {
  const { code } = transformSync(readFileSync(SOURCE, 'utf8'), { loader: 'ts', format: 'cjs', target: 'node20' });
  const file = join(mkdtempSync(join(tmpdir(), 'fenghuo-instance-')), 'instance.cjs');
  writeFileSync(file, code);
  return file;
};
