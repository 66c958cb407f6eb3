import * as z from 'zod/mini';

/** A value that ROS computes, such as `{ Fn::Sub: '...' }`; looked into when the template is rendered. */
const computed = z.record(z.string().check(z.regex(/^(?:Ref|Fn::\w+)$/, 'is no function of ROS')), z.unknown());
const text = z.union([z.string(), computed]);
const whole = z.union([z.int(), computed]);

/** Source of all properties here: the ROS resource specification, in the type declarations of the packages @alicloud/ros-cdk-*. */
const queue = z.strictObject({
  QueueName: text,
  MaximumMessageSize: z.int().check(z.minimum(1_024), z.maximum(65_536)),
  MessageRetentionPeriod: z.int().check(z.minimum(60), z.maximum(1_296_000)),
  VisibilityTimeout: z.int().check(z.minimum(1), z.maximum(43_200)),
  PollingWaitSeconds: z.int().check(z.minimum(0), z.maximum(30)),
});

const instance = z.strictObject({
  InstanceName: text,
  ClusterType: z.enum(['SSD', 'HYBRID']),
  Network: z.enum(['NORMAL', 'VPC', 'VPC_CONSOLE']),
  Description: z.string(),
});

const table = z.strictObject({
  InstanceName: text,
  TableName: text,
  PrimaryKey: z.array(z.strictObject({ Name: z.string(), Type: z.enum(['STRING', 'INTEGER', 'BINARY']) })),
  TimeToLive: whole,
  MaxVersions: z.literal(1),
  ReservedThroughput: z.strictObject({ Read: z.literal(0), Write: z.literal(0) }),
});

const logProject = z.strictObject({ Name: text, Description: z.string() });
const logstore = z.strictObject({
  ProjectName: text,
  LogstoreName: text,
  TTL: whole,
  ShardCount: z.int(),
  AutoSplit: z.boolean(),
  MaxSplitShard: z.int(),
});
const logIndex = z.strictObject({
  ProjectName: text,
  LogstoreName: text,
  FullTextIndex: z.record(z.string(), z.unknown()),
  LogReduce: z.boolean(),
});

/** The permissions of a policy. */
const statement = z.strictObject({
  Effect: z.literal('Allow'),
  Action: z.array(z.string().check(z.regex(/^[a-z-]+:[A-Z]\w+$/, 'must be one action of one service, without a star'))),
  Resource: z.array(text),
});
const policy = z.strictObject({
  PolicyName: text,
  PolicyDocument: z.strictObject({ Version: z.literal('1'), Statement: z.array(statement) }),
});

const trust = z.strictObject({
  Effect: z.literal('Allow'),
  Action: z.literal('sts:AssumeRole'),
  Principal: z.strictObject({ Service: z.tuple([z.literal('fc.aliyuncs.com')]) }),
});
const role = z.strictObject({
  RoleName: text,
  AssumeRolePolicyDocument: z.strictObject({ Version: z.literal('1'), Statement: z.array(trust) }),
  PolicyAttachments: z.strictObject({ Custom: z.array(text) }),
});
const attachment = z.strictObject({ RoleName: text, PolicyType: z.literal('Custom'), PolicyName: text });

/** Every type of resource that the template may have, with its properties. */
export const RESOURCE_SCHEMAS: Readonly<Record<string, z.ZodMiniType>> = {
  'ALIYUN::MNS::Queue': queue,
  'ALIYUN::OTS::Instance': instance,
  'ALIYUN::OTS::Table': table,
  'ALIYUN::SLS::Project': logProject,
  'ALIYUN::SLS::Logstore': logstore,
  'ALIYUN::SLS::Index': logIndex,
  'ALIYUN::RAM::ManagedPolicy': policy,
  'ALIYUN::RAM::Role': role,
  'ALIYUN::RAM::AttachPolicyToRole': attachment,
};

const parameter = z.strictObject({
  Type: z.enum(['String', 'Number']),
  Description: z.string(),
  Default: z.optional(z.union([z.string(), z.number()])),
  AllowedValues: z.optional(z.array(z.string())),
});

const resource = z.strictObject({
  Type: z.enum(Object.keys(RESOURCE_SCHEMAS)),
  Condition: z.optional(z.string()),
  DependsOn: z.optional(z.string()),
  Properties: z.record(z.string(), z.unknown()),
});

/** A template of ROS, as far as ours goes. */
export const templateSchema = z.strictObject({
  ROSTemplateFormatVersion: z.literal('2015-09-01'),
  Description: z.string(),
  Parameters: z.record(z.string(), parameter),
  Conditions: z.record(z.string(), computed),
  Resources: z.record(z.string(), resource),
  Outputs: z.record(
    z.string(),
    z.strictObject({ Description: z.optional(z.string()), Condition: z.optional(z.string()), Value: text }),
  ),
});

/** A template of ROS. */
export type Template = z.infer<typeof templateSchema>;
