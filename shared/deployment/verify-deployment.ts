import { checkBundles } from './check-bundles.ts';
import { checkEnvironment } from './check-environment.ts';
import { checkFunctions } from './check-functions.ts';
import { checkNames } from './check-names.ts';
import { checkQueues } from './check-queues.ts';
import { checkRoles } from './check-roles.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkShapes } from './check-shapes.ts';
import { checkTables } from './check-tables.ts';
import { checkWhole } from './check-whole.ts';
import { readDeployment } from './deployment.ts';
import { readEvidence } from './evidence.ts';
import { DEPLOYMENT_FILE, type Finding, TEMPLATE_FILE } from './finding.ts';
import { type Needs, needsOf, storeActions } from './needs.ts';

/** What the sources of a repository say about its functions. */
export interface Sources {
  root: string;
  needs: ReadonlyMap<string, Needs>;
  storeActions: readonly string[];
}

/** Builds every function of a repository in memory and reads what each needs; takes some seconds. */
export const readSources = async (root: string): Promise<Sources> => {
  const evidence = await readEvidence(root);
  const needs = new Map([...evidence].map(([name, each]) => [name, needsOf(root, each)]));
  return { root, needs, storeActions: storeActions(root) };
};

/** What must be set for a deployment; these values are none. */
const PLACEHOLDERS = { FENGHUO_TOKEN: 'placeholder-of-a-token', FENGHUO_SECRET_KEY: 'p'.repeat(44) };

/** What to verify beside the usual. */
export interface VerifyOptions {
  /** Further variables of the deployment, such as another stage. */
  variables?: Readonly<Record<string, string>>;
  /** Whether the bundles are looked at too; they must be built then. */
  bundles?: boolean;
}

/** Everything that is wrong with the deployment file of a folder and its template, as far as it can be told without an account. */
export const verifyDeployment = async (
  folder: string,
  sources: Sources,
  { variables = {}, bundles = false }: VerifyOptions = {},
): Promise<readonly Finding[]> => {
  const deployment = await readDeployment(folder, { ...PLACEHOLDERS, ...variables });
  const { functions } = deployment;
  return [
    ...deployment.findings,
    ...checkSecrets(DEPLOYMENT_FILE, deployment.raw),
    ...checkSecrets(TEMPLATE_FILE, deployment.template),
    ...checkShapes(deployment),
    ...checkFunctions(functions),
    ...checkWhole(deployment, [...sources.needs.keys()]),
    ...checkQueues(deployment, sources.needs),
    ...checkTables(deployment),
    ...checkRoles(deployment, sources.needs, sources.storeActions),
    ...checkEnvironment(functions, sources.needs),
    ...checkNames(deployment),
    ...(bundles ? checkBundles(sources.root, functions) : []),
  ];
};
