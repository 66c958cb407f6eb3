import * as z from 'zod/mini';
import { renderTemplate } from '../../../shared/deployment/template-render.ts';
import { RESOURCE_SCHEMAS, templateSchema } from '../../../shared/deployment/template-schema.ts';

const propsSchema = z.object({
  region: z.string(),
  name: z.string(),
  template: templateSchema,
  parameters: z.record(z.string(), z.string()),
});

/** What a stack of resources made. */
interface Stack {
  queues: string[];
  tables: string[];
  outputs: Readonly<Record<string, unknown>>;
}

/** A template of ROS with its parameters as the deploy tool sends it; throws with the words of what is not understood. */
export const deployedStack = (props: unknown, accountId: string): Stack => {
  const parsed = propsSchema.safeParse(props);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { template, parameters, region } = parsed.data;
  const { resources, outputs, problems } = renderTemplate(template, { region, accountId, parameters });
  if (problems.length > 0) throw new Error(problems.map(({ path, what }) => `${path}: ${what}`).join('\n'));
  for (const [name, { type, properties }] of resources) {
    const checked = RESOURCE_SCHEMAS[type]?.safeParse(properties);
    if (checked?.success !== true) throw new Error(`${name} is not a ${type} that is known here`);
  }
  const names = (type: string, property: string): string[] =>
    [...resources.values()].filter((one) => one.type === type).map(({ properties }) => String(properties[property]));
  return {
    queues: names('ALIYUN::MNS::Queue', 'QueueName'),
    tables: names('ALIYUN::OTS::Table', 'TableName'),
    outputs,
  };
};
