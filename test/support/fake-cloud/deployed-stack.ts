import * as z from 'zod/mini';
import { TemplateValues } from './template-values.ts';

const templateSchema = z.object({
  Parameters: z.optional(z.record(z.string(), z.object({ Default: z.optional(z.unknown()) }))),
  Conditions: z.optional(z.record(z.string(), z.unknown())),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Condition: z.optional(z.string()),
      Properties: z.optional(z.record(z.string(), z.unknown())),
    }),
  ),
  Outputs: z.optional(z.record(z.string(), z.object({ Condition: z.optional(z.string()), Value: z.unknown() }))),
});

const propsSchema = z.object({
  region: z.string(),
  name: z.string(),
  template: templateSchema,
  parameters: z.optional(z.record(z.string(), z.unknown())),
});

/** What a stack of resources made. */
export interface Stack {
  queues: string[];
  tables: string[];
  outputs: Record<string, unknown>;
}

interface StackWorld {
  region: string;
  accountId: string;
  endpoints: Readonly<Record<string, string>>;
}

const KNOWN =
  /^ALIYUN::(?:MNS::Queue|OTS::(?:Instance|Table)|RAM::(?:Role|ManagedPolicy)|SLS::(?:Project|Logstore|Index))$/;

/** What `Fn::GetAtt` gives for a resource of that type with these properties. */
const attributeOf = (
  { Type, properties }: { Type: string; properties: Readonly<Record<string, unknown>> },
  attribute: string,
  { region, accountId, endpoints }: StackWorld,
): string => {
  const name = String(properties.QueueName ?? properties.RoleName ?? properties.InstanceName ?? '');
  if (attribute === 'Ref') return name;
  if (attribute === 'QueueUrl') return `${endpoints.FENGHUO_SMQ_ENDPOINT}/queues/${name}`;
  if (attribute.startsWith('ARN')) return `acs:mns:${region}:${accountId}:/queues/${name}`;
  if (attribute === 'Arn') return `acs:ram::${accountId}:role/${name}`;
  if (/Endpoint/.test(attribute)) return endpoints.FENGHUO_TABLESTORE_ENDPOINT ?? '';
  const own = properties[attribute];
  if (own === undefined) throw new Error(`${Type} has no attribute ${attribute} here`);
  return String(own);
};

/** A template of ROS with its parameters as the deploy tool sends it; throws with the words of what is not understood. */
export const deployedStack = (props: unknown, world: StackWorld): Stack => {
  const parsed = propsSchema.safeParse(props);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { template, parameters = {} } = parsed.data;
  const defaults = Object.entries(template.Parameters ?? {}).map(([name, { Default }]) => [name, Default]);
  const pseudo = {
    'ALIYUN::Region': world.region,
    'ALIYUN::TenantId': world.accountId,
    'ALIYUN::StackName': parsed.data.name,
  };
  const refs = { ...Object.fromEntries(defaults), ...pseudo, ...parameters };
  const values = new TemplateValues({
    refs,
    conditions: template.Conditions ?? {},
    attribute: (resource, attribute) => attributeOf(made(resource), attribute, world),
  });
  const made = (id: string) => {
    const resource = template.Resources[id];
    if (resource === undefined) throw new Error(`no resource ${id}`);
    const properties = values.value(resource.Properties ?? {}) as Record<string, unknown>;
    return { Type: resource.Type, properties };
  };
  const resources = Object.entries(template.Resources).flatMap(([id, { Type, Condition }]) => {
    if (!KNOWN.test(Type)) throw new Error(`${id}: ${Type} is not known here`);
    return Condition === undefined || values.holds(Condition) ? [made(id)] : [];
  });
  const names = (type: string, property: string): string[] =>
    resources.filter(({ Type }) => Type === type).map(({ properties }) => String(properties[property]));
  const outputs = Object.entries(template.Outputs ?? {}).flatMap(([name, { Condition, Value }]) =>
    Condition === undefined || values.holds(Condition) ? [[name, values.value(Value)]] : [],
  );
  return {
    queues: names('ALIYUN::MNS::Queue', 'QueueName'),
    tables: names('ALIYUN::OTS::Table', 'TableName'),
    outputs: Object.fromEntries(outputs) as Record<string, unknown>,
  };
};
