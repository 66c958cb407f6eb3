import { isRecord } from '../domain/is-record.ts';
import { hintOf } from '../domain/settings-nearest.ts';
import type { DeployedFunction, Deployment } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, within } from './finding.ts';

/** Instances that an account has by default in a region. Source: help.aliyun.com Function Compute "Limits". */
const ACCOUNT_INSTANCES = 100;
/** So many must be left for what has no reserved concurrency: ingest above all. */
const FREE_INSTANCES = 20;
/** Rules on the default bus of an account and region. Source: help.aliyun.com Function Compute "EventBridge triggers". */
const MAX_RULES = 10;
/** Expressions for one field of a pattern. Source: help.aliyun.com EventBridge "Event patterns". */
const MAX_EXPRESSIONS = 5;

const at = (path: string, what: string, fix: string): Finding => ({ file: DEPLOYMENT_FILE, path, what, fix });

const reservedBy = ({ props }: DeployedFunction): number => {
  const { reservedConcurrency } = isRecord(props.concurrencyConfig) ? props.concurrencyConfig : {};
  return typeof reservedConcurrency === 'number' ? reservedConcurrency : 0;
};

const concurrencyFindings = (functions: readonly DeployedFunction[]): Finding[] => {
  const reserved = functions.reduce((sum, each) => sum + reservedBy(each), 0);
  return reserved <= ACCOUNT_INSTANCES - FREE_INSTANCES
    ? []
    : [
        at(
          'resources',
          `${reserved} instances are reserved, and an account has ${ACCOUNT_INSTANCES}`,
          `Leave ${FREE_INSTANCES} for the functions without a limit`,
        ),
      ];
};

const patternsOf = (functions: readonly DeployedFunction[]): { path: string; pattern: string }[] =>
  functions.flatMap(({ triggers }) =>
    triggers.flatMap(({ path, trigger }) =>
      trigger?.triggerType === 'eventbridge' && trigger.triggerConfig.runOptions.mode === 'event-driven'
        ? [
            {
              path: within(path, 'triggerConfig.eventRuleFilterPattern'),
              pattern: trigger.triggerConfig.eventRuleFilterPattern,
            },
          ]
        : [],
    ),
  );

const ruleFindings = (functions: readonly DeployedFunction[]): Finding[] => {
  const patterns = patternsOf(functions);
  const many = patterns
    .filter(({ pattern }) =>
      Object.values(JSON.parse(pattern)).some((list) => Array.isArray(list) && list.length > MAX_EXPRESSIONS),
    )
    .map(({ path }) =>
      at(path, `has more than ${MAX_EXPRESSIONS} expressions for one field`, 'Make two triggers of it'),
    );
  if (patterns.length <= MAX_RULES) return many;
  return [...many, at('resources', `there are ${patterns.length} rules for cloud events`, `Keep within ${MAX_RULES}`)];
};

/** What must be the same for all functions, and whether each function has its resource and each resource its function. */
export const checkWhole = (deployment: Deployment, built: readonly string[]): Finding[] => {
  const { functions, raw } = deployment;
  const resources = isRecord(raw) && isRecord(raw.resources) ? Object.keys(raw.resources) : [];
  const names = functions.map(({ resource }) => resource);
  const wanted = built.filter((name) => !name.startsWith('deliver-'));
  return [
    ...wanted
      .filter((name) => !names.includes(name))
      .map((name) =>
        at(within('resources', name), 'is missing', 'Deploy this function: only those of channels can be left out'),
      ),
    ...resources
      .filter((name) => !built.includes(name) && name !== deployment.infrastructure?.resource)
      .map((name) =>
        at(within('resources', name), `there is no function ${name}`, `Correct the name${hintOf(name, built)}`),
      ),
    ...concurrencyFindings(functions),
    ...ruleFindings(functions),
  ];
};
