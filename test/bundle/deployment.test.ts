import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../shared/local/function-bundles.ts';
import { deploymentFindings } from '../support/deployment-file.ts';
import { textOfTracked, trackedFiles } from '../support/tracked-files.ts';

const PROPS: Readonly<Record<string, unknown>> = {
  region: 'cn-hangzhou',
  functionName: 'fenghuo-match',
  runtime: 'nodejs20',
  handler: 'index.handler',
  code: './dist/functions/match',
  timeout: 60,
  environmentVariables: { FENGHUO_LOG: 'info' },
};

const fileWith = (props: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ edition: '3.0.0', name: 'fenghuo', resources: { match: { component: 'fc3', props } } });

describe('the deployment file', () => {
  // There is none until the adapters for the cloud exist; from then on npm run check looks at it here.
  it('is sound when there is one', () => {
    const files = trackedFiles().filter((path) => path === 's.yaml');
    expect(files.flatMap((path) => deploymentFindings(textOfTracked(path), FUNCTION_NAMES))).toEqual([]);
  });

  it('may deploy what the build makes, beside components that are no functions', () => {
    expect(deploymentFindings(fileWith(PROPS), FUNCTION_NAMES)).toEqual([]);
    const roles = 'edition: 3.0.0\nname: fenghuo\nresources:\n  infra:\n    component: ros\n';
    expect(deploymentFindings(roles, FUNCTION_NAMES)).toEqual([]);
  });

  it.each([
    ['runtime', 'nodejs22'],
    ['handler', 'handler.index'],
    ['code', './functions/match'],
    ['code', './dist/functions/nothing'],
    ['timeout', undefined],
    ['environmentVariables', { PORT: 1 }],
    ['functionName', undefined],
  ])('may not have %s: %j', (name, value) => {
    const findings = deploymentFindings(fileWith({ ...PROPS, [name]: value }), FUNCTION_NAMES);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(`resources.match.props.${name}`);
  });

  it('may not be of another edition', () => {
    expect(deploymentFindings('edition: 1.0.0\nname: x\nresources: {}\n', FUNCTION_NAMES)[0]).toContain('edition');
  });
});
