import * as z from 'zod/mini';
import { isRecord } from '../domain/is-record.ts';
import { hintOf } from '../domain/settings-nearest.ts';
import type { DeployedFunction, Deployment } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, TEMPLATE_FILE, within } from './finding.ts';
import { functionSchema } from './function-schema.ts';
import { infrastructureSchema } from './infrastructure-schema.ts';
import { schemaFindings } from './schema-findings.ts';
import { RESOURCE_SCHEMAS, templateSchema } from './template-schema.ts';
import { schemaOfTrigger } from './trigger-schema.ts';

const TRIGGER_TYPES = ['http', 'timer', 'eventbridge'];

const fileSchema = z.strictObject({
  edition: z.literal('3.0.0'),
  name: z.literal('fenghuo'),
  access: z.string(),
  vars: z.record(z.string(), z.string()),
  actions: z.record(z.string(), z.unknown()),
  template: z.record(z.string(), z.unknown()),
  resources: z.record(
    z.string(),
    z.strictObject({
      component: z.string(),
      extend: z.optional(z.strictObject({ name: z.string() })),
      props: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** Each trigger is looked at by itself, so that a finding is about the kind that it is meant to be. */
const propsSchema = z.extend(z.omit(functionSchema, { triggers: true }), {
  triggers: z.array(z.unknown()).check(z.minLength(1)),
});

const typeFinding = (type: unknown, path: string): Finding[] =>
  typeof type === 'string' && TRIGGER_TYPES.includes(type)
    ? []
    : [
        {
          file: DEPLOYMENT_FILE,
          path: within(path, 'triggerType'),
          what: `there is no trigger of the type ${String(type)}`,
          fix: `Write one of ${TRIGGER_TYPES.join(', ')}${hintOf(String(type), TRIGGER_TYPES)}`,
        },
      ];

const triggerFindings = (raw: unknown, path: string): Finding[] => {
  const wrongType = typeFinding(isRecord(raw) ? raw.triggerType : undefined, path);
  return wrongType.length > 0 ? wrongType : schemaFindings(schemaOfTrigger(raw), raw, { file: DEPLOYMENT_FILE, path });
};

const functionFindings = ({ props, path }: DeployedFunction): Finding[] => {
  const triggers = Array.isArray(props.triggers) ? props.triggers : [];
  return [
    ...schemaFindings(propsSchema, props, { file: DEPLOYMENT_FILE, path }),
    ...triggers.flatMap((raw, index) => triggerFindings(raw, within(path, 'triggers', index))),
  ];
};

const infrastructureFindings = ({ infrastructure }: Deployment): Finding[] => {
  if (infrastructure === undefined)
    return [
      {
        file: DEPLOYMENT_FILE,
        path: 'resources.infra',
        what: 'is missing, so that there are no queues and tables',
        fix: 'Deploy the template with the component ros',
      },
    ];
  const path = within('resources', infrastructure.resource, 'props');
  return schemaFindings(infrastructureSchema, infrastructure.props, { file: DEPLOYMENT_FILE, path });
};

const resourceFindings = (template: unknown): Finding[] => {
  const resources = isRecord(template) && isRecord(template.Resources) ? template.Resources : {};
  return Object.entries(resources).flatMap(([name, resource]) => {
    const { Type: type, Properties: properties } = isRecord(resource) ? resource : {};
    const schema = RESOURCE_SCHEMAS[String(type)];
    const path = within('Resources', name, 'Properties');
    return schema === undefined ? [] : schemaFindings(schema, properties, { file: TEMPLATE_FILE, path });
  });
};

/** Whether everything has the form that the cloud expects; what is not known is an error, with the nearest known name. */
export const checkShapes = (deployment: Deployment): Finding[] => [
  ...schemaFindings(fileSchema, deployment.raw, { file: DEPLOYMENT_FILE, path: '' }),
  ...deployment.functions.flatMap(functionFindings),
  ...infrastructureFindings(deployment),
  ...schemaFindings(templateSchema, deployment.template, { file: TEMPLATE_FILE, path: '' }),
  ...resourceFindings(deployment.template),
  ...deployment.stack.problems.map(({ path, what }) => ({
    file: TEMPLATE_FILE,
    path,
    what,
    fix: 'Correct the reference',
  })),
];
