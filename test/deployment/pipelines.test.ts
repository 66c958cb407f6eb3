import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkSecrets } from '../../shared/deployment/check-secrets.ts';
import { ROOT } from '../support/source-files.ts';

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
}

const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const workflow = (file: string): Step[] =>
  Object.values(parse(text(file)).jobs as Record<string, { steps: Step[] }>).flatMap(({ steps }) => steps);

const CHECK = '.github/workflows/check.yml';
const DEPLOY = '.github/workflows/deploy.yml';
const SERVERLESS = '.serverless-pipeline.yaml';
const STEPS: Record<string, Step[]> = {
  [CHECK]: workflow(CHECK),
  [DEPLOY]: workflow(DEPLOY),
  [SERVERLESS]: parse(text(SERVERLESS)).steps,
};
const FILES = Object.keys(STEPS);

const commandsIn = (steps: readonly Step[]): string[] => steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const scripts: Record<string, string> = JSON.parse(text('package.json')).scripts;
const orderOf = (file: string, words: readonly RegExp[]): number[] => {
  const commands = commandsIn(STEPS[file] ?? []);
  return words.map((word) => commands.findIndex((command) => word.test(command)));
};

describe('the pipelines', () => {
  it.each(FILES)('name only scripts that exist: %s', (file) => {
    const named = commandsIn(STEPS[file] ?? []).flatMap((run) =>
      [...run.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  it('run scripts whose files exist', () => {
    const files = Object.values(scripts).flatMap((script) =>
      [...script.matchAll(/\bshared\/\S+\.ts\b/g)].map(([path]) => path),
    );
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it.each(FILES)('keep no secret: %s', (file) => {
    expect(checkSecrets(file, parse(text(file)))).toEqual([]);
  });

  it('would be found with one', () => {
    const findings = checkSecrets(DEPLOY, { jobs: { deploy: { env: { FENGHUO_TOKEN: 'open-sesame-1234' } } } });
    expect(findings.map(({ path }) => path)).toEqual(['jobs.deploy.env.FENGHUO_TOKEN']);
  });

  it.each([DEPLOY, SERVERLESS])('install, check, deploy and try, in this order: %s', (file) => {
    const order = orderOf(file, [/^npm ci/, /run check/, /run deployment -- deploy -y/, /^npm run smoke/]);
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it.each([DEPLOY, SERVERLESS])('go back only after a failure: %s', (file) => {
    const back = (STEPS[file] ?? []).filter(({ run }) => /run rollback/.test(run ?? ''));
    expect(back).toHaveLength(1);
    expect(back[0]?.if).toContain('failure()');
  });

  it.each([DEPLOY, SERVERLESS])('give the same secrets to the way back as to the way there: %s', (file) => {
    const envOf = (pattern: RegExp): Record<string, string> | undefined =>
      (STEPS[file] ?? []).find(({ run }) => pattern.test(run ?? ''))?.env;
    expect(Object.keys(envOf(/run deployment/) ?? {}).length).toBeGreaterThan(4);
    expect(envOf(/run rollback/)).toEqual(envOf(/run deployment/));
  });

  it('use every secret and variable that the documentation names, and no other', () => {
    const named = [...text(DEPLOY).matchAll(/\b(?:secrets|vars)\.(\w+)/g)].map(([, name = '']) => name);
    const operations = text('docs/operations.md');
    expect([...new Set(named)].filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
  });
});
