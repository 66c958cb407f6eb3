import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBundles } from '../../shared/deployment/check-bundles.ts';
import { findingLine } from '../../shared/deployment/finding.ts';

const CODE = './dist/functions/match';

describe('the bundles of a deployment', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'fenghuo-bundles-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = (name: string, text: string): void => {
    const file = join(root, CODE, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const found = (): string[] =>
    checkBundles(root, [
      { resource: 'match', path: 'resources.match.props', props: { code: CODE }, environment: {}, triggers: [] },
    ]).map(findingLine);

  it('may be small, alone and with a handler', () => {
    put('index.js', 'exports.handler = async () => 1;');
    expect(found()).toEqual([]);
  });

  it('must be built', () => {
    expect(found()).toEqual([
      expect.stringMatching(
        /resources\.match\.props\.code: there is no \.\/dist\/functions\/match\/index\.js\. Run npm run build/,
      ),
    ]);
  });

  it.each([
    ['exports no handler', 'exports.handlers = 1;'],
    ['needs a package that is not deployed', "require('a-package-that-nobody-has'); exports.handler = () => 1;"],
    ['throws when it is loaded', "throw new Error('no'); exports.handler = () => 1;"],
  ])('may not be one that %s', (_, text) => {
    put('index.js', text);
    expect(found()).toEqual([expect.stringContaining('does not load alone, or exports no handler')]);
  });

  it('may not have a file above 900 KB beside it', () => {
    put('index.js', 'exports.handler = async () => 1;');
    put('cloud.js', `//${'x'.repeat(930_000)}`);
    expect(found()).toEqual([expect.stringContaining('cloud.js is larger than 900 KB')]);
  });
});
