import type { Deployment } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, TEMPLATE_FILE, within } from './finding.ts';

interface Rule {
  property: string;
  pattern: RegExp;
  says: string;
}

/** Source: the pages on limits of SMQ, Tablestore, Simple Log Service and RAM. */
const RULES: Readonly<Record<string, Rule>> = {
  'ALIYUN::MNS::Queue': {
    property: 'QueueName',
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9-]{0,119}$/,
    says: 'at most 120 letters, digits and hyphens',
  },
  'ALIYUN::OTS::Instance': {
    property: 'InstanceName',
    pattern: /^[a-z][a-z0-9-]{1,14}[a-z0-9]$/,
    says: '3 to 16 letters, digits and hyphens, beginning with a letter',
  },
  'ALIYUN::OTS::Table': {
    property: 'TableName',
    pattern: /^[a-zA-Z_]\w{0,254}$/,
    says: 'at most 255 letters, digits and underscores',
  },
  'ALIYUN::SLS::Project': {
    property: 'Name',
    pattern: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    says: '3 to 63 small letters, digits and hyphens',
  },
  'ALIYUN::RAM::Role': {
    property: 'RoleName',
    // Function Compute's component makes them small before it sends them.
    pattern: /^[a-z0-9-]{1,64}$/,
    says: 'at most 64 small letters, digits and hyphens',
  },
  'ALIYUN::RAM::ManagedPolicy': {
    property: 'PolicyName',
    pattern: /^[a-zA-Z0-9-]{1,128}$/,
    says: 'at most 128 letters, digits and hyphens',
  },
};

/** Source: schema of fc3 0.1.22. */
const FUNCTION_NAME = /^[a-zA-Z_][\w-]{0,63}$/;

const functionFindings = ({ functions }: Deployment): Finding[] =>
  functions
    .filter(({ props }) => !FUNCTION_NAME.test(String(props.functionName)))
    .map(({ props, path }) => ({
      file: DEPLOYMENT_FILE,
      path: within(path, 'functionName'),
      what: `${String(props.functionName)} is no name of a function`,
      fix: 'Write at most 64 letters, digits, _ and -, not beginning with a digit',
    }));

/** Whether the cloud takes every name. */
export const checkNames = (deployment: Deployment): Finding[] => [
  ...functionFindings(deployment),
  ...[...deployment.stack.resources].flatMap(([resource, { type, properties }]): Finding[] => {
    const rule = RULES[type];
    const name = String(properties[rule?.property ?? '']);
    if (rule === undefined || rule.pattern.test(name)) return [];
    const path = within('Resources', resource, 'Properties', rule.property);
    return [{ file: TEMPLATE_FILE, path, what: `${name} is not taken`, fix: `Write ${rule.says}` }];
  }),
];
