import { hintOf } from '../domain/settings-nearest.ts';
import type { DeployedFunction } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, within } from './finding.ts';
import { KNOWN_VARIABLES, type Needs } from './needs.ts';

const missing = (path: string, name: string): Finding => ({
  file: DEPLOYMENT_FILE,
  path: within(path, name),
  what: 'is missing, and the code reads it',
  fix: 'Set it',
});

const needless = (path: string, name: string): Finding => ({
  file: DEPLOYMENT_FILE,
  path: within(path, name),
  what: KNOWN_VARIABLES.includes(name) ? 'is set, and the code never uses it' : 'is no variable that is read',
  fix: KNOWN_VARIABLES.includes(name) ? 'Remove it' : `Remove or correct it${hintOf(name, KNOWN_VARIABLES)}`,
});

/** Whether each function gets every variable that its code reads and none that it does not. */
export const checkEnvironment = (
  functions: readonly DeployedFunction[],
  needs: ReadonlyMap<string, Needs>,
): Finding[] =>
  functions.flatMap(({ resource, path, environment }) => {
    const variables = needs.get(resource)?.variables;
    if (variables === undefined) return [];
    const place = within(path, 'environmentVariables');
    const set = Object.keys(environment);
    return [
      ...variables.filter((name) => !set.includes(name)).map((name) => missing(place, name)),
      ...set.filter((name) => !variables.includes(name)).map((name) => needless(place, name)),
    ];
  });
