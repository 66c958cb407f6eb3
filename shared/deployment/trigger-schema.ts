import * as z from 'zod/mini';
import { isRecord } from '../domain/is-record.ts';
import { cronProblem } from './cron.ts';

const isCron = z.refine<string>((text) => cronProblem(text) === undefined, {
  error: ({ input }) => `is no expression of a timer: ${cronProblem(String(input))}`,
});

const isJsonObject = z.refine<string>(
  (text) => {
    try {
      return isRecord(JSON.parse(text));
    } catch {
      return false;
    }
  },
  { error: 'must be the JSON text of an object' },
);

/** Source: schema of fc3 0.1.22. */
const name = z.string().check(z.regex(/^[a-zA-Z_][a-zA-Z0-9_-]{0,127}$/, 'must be 1 to 128 letters, digits, _ and -'));

const httpTrigger = z.strictObject({
  triggerName: name,
  triggerType: z.literal('http'),
  triggerConfig: z.strictObject({
    authType: z.enum(['anonymous', 'function', 'jwt']),
    disableURLInternet: z.boolean(),
    methods: z.array(z.enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'])).check(z.minLength(1)),
  }),
});

const timerTrigger = z.strictObject({
  triggerName: name,
  triggerType: z.literal('timer'),
  triggerConfig: z.strictObject({
    cronExpression: z.string().check(isCron),
    enable: z.boolean(),
    payload: z.optional(z.string()),
  }),
});

const retryStrategy = z.strictObject({
  PushRetryStrategy: z.enum(['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY']),
});
const deadLetterQueue = z.strictObject({ Arn: z.string() });
const errorsTolerance = z.enum(['NONE', 'ALL']);

/** Source: limits of event streams, help.aliyun.com Function Compute "Advanced features of triggers". */
const batchWindow = z.strictObject({
  CountBasedWindow: z.int().check(z.minimum(1), z.maximum(10_000)),
  TimeBasedWindow: z.int().check(z.minimum(0), z.maximum(15)),
});

const queueConfig = z.strictObject({
  triggerEnable: z.boolean(),
  asyncInvocationType: z.boolean(),
  eventRuleFilterPattern: z.string().check(isJsonObject),
  eventSinkConfig: z.strictObject({
    deliveryOption: z.strictObject({
      mode: z.literal('event-streaming'),
      eventSchema: z.enum(['CloudEvents', 'RawData']),
    }),
  }),
  eventSourceConfig: z.strictObject({
    eventSourceType: z.literal('MNS'),
    eventSourceParameters: z.strictObject({
      sourceMNSParameters: z.strictObject({
        RegionId: z.string(),
        QueueName: z.string(),
        IsBase64Decode: z.literal(true),
      }),
    }),
  }),
  runOptions: z.strictObject({
    mode: z.literal('event-streaming'),
    errorsTolerance,
    retryStrategy,
    deadLetterQueue: z.optional(deadLetterQueue),
    batchWindow,
  }),
});

const cloudEventConfig = z.strictObject({
  triggerEnable: z.boolean(),
  asyncInvocationType: z.boolean(),
  eventRuleFilterPattern: z.string().check(isJsonObject),
  eventSourceConfig: z.strictObject({ eventSourceType: z.literal('Default') }),
  runOptions: z.strictObject({
    mode: z.literal('event-driven'),
    errorsTolerance,
    retryStrategy,
    deadLetterQueue: z.optional(deadLetterQueue),
  }),
});

const eventBridge = { triggerName: name, triggerType: z.literal('eventbridge') };

/** A trigger that hands over the messages of a queue in batches. */
const queueTriggerSchema = z.strictObject({ ...eventBridge, triggerConfig: queueConfig });
/** A trigger that hands over cloud events one by one. */
const cloudEventTriggerSchema = z.strictObject({ ...eventBridge, triggerConfig: cloudEventConfig });
/** Every kind of trigger that is deployed; the schema of the tool itself lets any config pass. */
export const triggerSchema = z.union([httpTrigger, timerTrigger, queueTriggerSchema, cloudEventTriggerSchema]);

const isSource = (raw: unknown, type: string): boolean =>
  isRecord(raw) &&
  isRecord(raw.triggerConfig) &&
  isRecord(raw.triggerConfig.eventSourceConfig) &&
  raw.triggerConfig.eventSourceConfig.eventSourceType === type;

const BY_TYPE: Readonly<Record<string, z.ZodMiniType>> = { http: httpTrigger, timer: timerTrigger };

/** The schema that a trigger is meant to follow, told by its type and its source, so that what is wrong can be named. */
export const schemaOfTrigger = (raw: unknown): z.ZodMiniType => {
  const known = isRecord(raw) && typeof raw.triggerType === 'string' ? BY_TYPE[raw.triggerType] : undefined;
  if (known !== undefined) return known;
  return isSource(raw, 'Default') ? cloudEventTriggerSchema : queueTriggerSchema;
};

/** One trigger. */
export type Trigger = z.infer<typeof triggerSchema>;
