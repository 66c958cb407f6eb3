import { join } from 'node:path';
import * as z from 'zod/mini';
import type { FunctionSpec, Trigger } from './function-spec.ts';

const patternSchema = z.record(z.string(), z.array(z.unknown()));
const queueConfig = z.object({
  eventRuleFilterPattern: z.string(),
  eventSourceConfig: z.object({
    eventSourceType: z.string(),
    eventSourceParameters: z.optional(
      z.object({ sourceMNSParameters: z.object({ QueueName: z.string(), IsBase64Decode: z.optional(z.boolean()) }) }),
    ),
  }),
  runOptions: z.optional(
    z.object({
      mode: z.string(),
      errorsTolerance: z.optional(z.string()),
      deadLetterQueue: z.optional(z.object({ Arn: z.string() })),
      batchWindow: z.optional(z.object({ CountBasedWindow: z.number(), TimeBasedWindow: z.number() })),
    }),
  ),
});
const timerConfig = z.object({ cronExpression: z.string(), enable: z.boolean(), payload: z.optional(z.string()) });

const propsSchema = z.object({
  functionName: z.string(),
  runtime: z.literal('nodejs20'),
  handler: z.literal('index.handler'),
  codeDir: z.optional(z.string()),
  code: z.optional(z.string()),
  cpu: z.optional(z.number()),
  memorySize: z.optional(z.number()),
  timeout: z.optional(z.number()),
  environmentVariables: z.optional(z.record(z.string(), z.string())),
  concurrencyConfig: z.optional(z.object({ reservedConcurrency: z.number() })),
  triggers: z.optional(
    z.array(z.object({ triggerName: z.string(), triggerType: z.string(), triggerConfig: z.unknown() })),
  ),
});

type DeployedTrigger = NonNullable<z.infer<typeof propsSchema>['triggers']>[number];

const eventTriggerOf = (config: unknown): Trigger => {
  const { eventRuleFilterPattern, eventSourceConfig, runOptions } = queueConfig.parse(config);
  const pattern = patternSchema.parse(JSON.parse(eventRuleFilterPattern));
  if (eventSourceConfig.eventSourceType === 'Default') return { kind: 'event', pattern };
  const source = eventSourceConfig.eventSourceParameters?.sourceMNSParameters;
  if (eventSourceConfig.eventSourceType !== 'MNS' || source === undefined)
    throw new Error(`event source ${eventSourceConfig.eventSourceType} is not known here`);
  if (runOptions?.mode !== 'event-streaming') throw new Error('a queue trigger must be in event-streaming mode');
  const deadQueue = runOptions.deadLetterQueue?.Arn.split('/queues/')[1];
  return {
    kind: 'queue',
    queue: source.QueueName,
    count: runOptions.batchWindow?.CountBasedWindow ?? 1,
    windowMs: (runOptions.batchWindow?.TimeBasedWindow ?? 0) * 1_000,
    ...(deadQueue === undefined ? {} : { deadQueue }),
  };
};

const triggerOf = ({ triggerName, triggerType, triggerConfig }: DeployedTrigger): Trigger[] => {
  if (triggerType === 'http') return [{ kind: 'http' }];
  if (triggerType === 'eventbridge') return [eventTriggerOf(triggerConfig)];
  if (triggerType !== 'timer') throw new Error(`trigger type ${triggerType} is not known here`);
  const { cronExpression, enable, payload = '' } = timerConfig.parse(triggerConfig);
  return enable ? [{ kind: 'timer', name: triggerName, cron: cronExpression, payload }] : [];
};

/** A function as the deploy tool sends it, in the props of the component fc3; throws with the words of what is not understood. */
export const deployedFunction = (props: unknown): FunctionSpec => {
  const parsed = propsSchema.safeParse(props);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { functionName, codeDir, code, cpu, memorySize, timeout, environmentVariables, ...rest } = parsed.data;
  return {
    name: functionName,
    codeFile: join(codeDir ?? code ?? '', 'index.js'),
    memoryMb: memorySize ?? 512,
    cpu: cpu ?? 0.35,
    timeoutMs: (timeout ?? 3) * 1_000,
    env: environmentVariables ?? {},
    maxInstances: rest.concurrencyConfig?.reservedConcurrency ?? 0,
    triggers: (rest.triggers ?? []).flatMap(triggerOf),
  };
};
