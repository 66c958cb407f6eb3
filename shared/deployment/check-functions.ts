import type { DeployedFunction, DeployedTrigger } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, within } from './finding.ts';

/** Gigabytes for each processor. Source: help.aliyun.com Function Compute "Instance types and specifications". */
const RATIO = { least: 1, most: 4 };
const MB_PER_GB = 1_024;
/** Source: help.aliyun.com Function Compute "Triggers of EventBridge": a function that is called in step must end within 5 minutes. */
const MAX_EVENTBRIDGE_SECONDS = 300;
/** Source: help.aliyun.com Function Compute "Environment variables". */
const MAX_ENVIRONMENT_BYTES = 4_096;

const at = (path: string, what: string, fix: string): Finding => ({ file: DEPLOYMENT_FILE, path, what, fix });

const codeFinding = ({ resource, props, path }: DeployedFunction): Finding[] =>
  props.code === `./dist/functions/${resource}`
    ? []
    : [
        at(
          within(path, 'code'),
          `is ${String(props.code)}`,
          `Write ./dist/functions/${resource}, the bundle of this function`,
        ),
      ];

const ratioFinding = ({ props, path }: DeployedFunction): Finding[] => {
  const ratio = Number(props.memorySize) / MB_PER_GB / Number(props.cpu);
  if (Number.isNaN(ratio) || (ratio >= RATIO.least && ratio <= RATIO.most)) return [];
  return [
    at(
      within(path, 'memorySize'),
      `there are ${ratio} GB for each processor`,
      `Give ${RATIO.least} to ${RATIO.most}, which is all that Function Compute takes`,
    ),
  ];
};

const isByEventBridge = ({ trigger }: DeployedTrigger): boolean => trigger?.triggerType === 'eventbridge';

const timeoutFinding = ({ props, path, triggers }: DeployedFunction): Finding[] =>
  triggers.some(isByEventBridge) && Number(props.timeout) > MAX_EVENTBRIDGE_SECONDS
    ? [
        at(
          within(path, 'timeout'),
          `is ${String(props.timeout)} s, and EventBridge waits ${MAX_EVENTBRIDGE_SECONDS} s`,
          'Write less',
        ),
      ]
    : [];

const orderFinding = ({ triggers }: DeployedFunction): Finding[] => {
  const first = triggers.findIndex(isByEventBridge);
  const late = triggers.find((each, index) => first !== -1 && index > first && !isByEventBridge(each));
  return late === undefined
    ? []
    : [
        at(
          late.path,
          'stands behind a trigger by EventBridge, and fc3 0.1.22 stops at one of these that has not changed',
          'Put the triggers by EventBridge last',
        ),
      ];
};

const environmentFinding = ({ environment, path }: DeployedFunction): Finding[] => {
  const bytes = Object.entries(environment).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(String(value)),
    0,
  );
  return bytes <= MAX_ENVIRONMENT_BYTES
    ? []
    : [
        at(
          within(path, 'environmentVariables'),
          `have ${bytes} bytes together`,
          `Keep within ${MAX_ENVIRONMENT_BYTES}`,
        ),
      ];
};

const prefixFinding = ({ resource, props, path, environment }: DeployedFunction): Finding[] =>
  props.functionName === `${String(environment.FENGHUO_NAME_PREFIX)}-${resource}`
    ? []
    : [
        at(
          within(path, 'functionName'),
          `is ${String(props.functionName)}`,
          `Name it by the prefix of the stage and ${resource}, by which others invoke it`,
        ),
      ];

/** What the cloud refuses, or silently does otherwise, although each field by itself is right. */
export const checkFunctions = (functions: readonly DeployedFunction[]): Finding[] =>
  functions.flatMap((each) => [
    ...codeFinding(each),
    ...ratioFinding(each),
    ...timeoutFinding(each),
    ...orderFinding(each),
    ...environmentFinding(each),
    ...prefixFinding(each),
  ]);
