import * as z from 'zod/mini';
import { triggerSchema } from './trigger-schema.ts';

/** Source: schema of fc3 0.1.22 for all bounds here. */
const cpu = z.number().check(z.minimum(0.05), z.maximum(16), z.multipleOf(0.05));
const memorySize = z.int().check(z.minimum(128), z.maximum(32_768), z.multipleOf(64));

/** Regions of Function Compute 3.0. */
const region = z.enum([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-5',
  'ap-southeast-7',
  'cn-beijing',
  'cn-chengdu',
  'cn-hangzhou',
  'cn-heyuan-acdr-1',
  'cn-hongkong',
  'cn-huhehaote',
  'cn-qingdao',
  'cn-shanghai',
  'cn-shanghai-cloudspe',
  'cn-shanghai-finance-1',
  'cn-shenzhen',
  'cn-wulanchabu',
  'cn-zhangjiakou',
  'eu-central-1',
  'eu-west-1',
  'me-central-1',
  'us-east-1',
  'us-west-1',
]);

const logConfig = z.strictObject({
  project: z.string(),
  logstore: z.string(),
  enableRequestMetrics: z.boolean(),
  enableInstanceMetrics: z.boolean(),
  logBeginRule: z.enum(['DefaultRegex', 'None']),
});

/** A fixed address for robots with a list of addresses goes through a network of one's own; docs/operations.md says how. */
const vpcConfig = z.strictObject({ vpcId: z.string(), vSwitchIds: z.array(z.string()), securityGroupId: z.string() });

const hook = z.strictObject({ handler: z.string(), timeout: z.int() });

/** What one function of the deployment file may say; what is not named here is an error, be it a slip of the pen. */
export const functionSchema = z.strictObject({
  region,
  functionName: z.string(),
  description: z.string().check(z.maxLength(256)),
  runtime: z.literal('nodejs20'),
  handler: z.literal('index.handler'),
  code: z.string(),
  role: z.string(),
  cpu,
  memorySize,
  diskSize: z.literal(512),
  timeout: z.int().check(z.minimum(1), z.maximum(86_400)),
  internetAccess: z.boolean(),
  logConfig,
  vpcConfig: z.optional(vpcConfig),
  instanceLifecycleConfig: z.optional(z.strictObject({ initializer: z.optional(hook), preStop: z.optional(hook) })),
  concurrencyConfig: z.optional(z.strictObject({ reservedConcurrency: z.int().check(z.minimum(1)) })),
  environmentVariables: z.record(
    z.string().check(z.regex(/^(?!FC_)[a-zA-Z]\w*$/, 'must begin with a letter, and not with FC_')),
    z.string(),
  ),
  triggers: z.array(triggerSchema).check(z.minLength(1)),
});
