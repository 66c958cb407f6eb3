import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { besideTheFunction } from '../../shared/cli/build-parts.ts';

describe('the files beside a function', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fenghuo-parts-'));
    writeFileSync(join(folder, 'other.ts'), 'export const other = 1;');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const built = async (text: string): Promise<string> => {
    const entry = join(folder, 'index.ts');
    writeFileSync(entry, text);
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
      supported: { 'dynamic-import': false },
      plugins: [besideTheFunction],
    });
    return outputFiles.map((file) => file.text).join('');
  };

  it('are loaded by their names when they are first used', async () => {
    expect(await built("export const load = () => import('./local/yaml.ts');")).toContain('require("./yaml.js")');
  });

  it('are the only ones that a function may load later', async () => {
    const text = "import { other } from './other.ts';\nexport const load = () => [other, import('./other.ts')];";
    await expect(built(text)).rejects.toThrow('./other.ts is loaded later and is none of PARTS');
  });

  it('are refused to nobody who imports at the top', async () => {
    expect(await built("export { other } from './other.ts';")).toContain('other = 1');
  });
});
