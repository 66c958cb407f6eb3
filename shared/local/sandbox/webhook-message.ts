import * as z from 'zod/mini';
import { bodyJson, headerOf, type SandboxRequest } from './answer.ts';

const record = z.record(z.string(), z.unknown());
const lineSchema = z.object({
  level: z.string(),
  name: z.string(),
  title: z.optional(z.object({ en: z.string(), zh: z.string() })),
  resource: z.object({ id: z.string() }),
  region: z.string(),
});

const dataSchema = z.object({
  link: z.optional(z.string()),
  language: z.optional(z.enum(['en', 'zh'])),
  digest: z.object({ total: z.number(), top: z.array(lineSchema) }),
  leftOut: z.optional(record),
});

const standardSchema = z.object({ type: z.string(), timestamp: z.string(), data: dataSchema });
const cloudEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().check(z.minLength(1)),
  source: z.string().check(z.minLength(1)),
  type: z.string().check(z.minLength(1)),
  data: dataSchema,
});
const formSchema = z.object({
  strategyName: z.string(),
  severity: z.string(),
  alert: z.string(),
  total: z.optional(z.string()),
});
const alertSchema = z.object({
  eventName: z.string(),
  severity: z.string(),
  meta: z.object({ sysEventMeta: z.object({ eventNameEn: z.string(), resource: z.string(), regionId: z.string() }) }),
});

/** What a receiver makes of a call. */
export interface WebhookSight {
  /** Which of the formats it is; `other` for what none of ours looks like. */
  format: 'Standard Webhooks' | 'CloudEvents' | 'CloudMonitor form' | 'other';
  title: string;
  /** One line an event: level, what, resource, region. */
  lines: string[];
  link: string;
}

const OTHER: WebhookSight = { format: 'other', title: '', lines: [], link: '' };

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

const linesOf = ({ digest, language = 'en' }: z.infer<typeof dataSchema>): string[] =>
  digest.top.map(({ level, name, title, resource, region }) =>
    joined([level, title?.[language] ?? name, resource.id, region]),
  );

const standardSight = (value: unknown): WebhookSight | undefined => {
  const parsed = standardSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { type, data } = parsed.data;
  const { digest, link = '' } = data;
  return { format: 'Standard Webhooks', title: `${type} (${digest.total})`, lines: linesOf(data), link };
};

const cloudEventSight = (value: unknown): WebhookSight | undefined => {
  const parsed = cloudEventSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { type, data } = parsed.data;
  const { digest, link = '' } = data;
  return { format: 'CloudEvents', title: `${type} (${digest.total})`, lines: linesOf(data), link };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const formSight = (value: unknown): WebhookSight | undefined => {
  const parsed = formSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const alert = alertSchema.safeParse(jsonOf(parsed.data.alert));
  if (!alert.success) return undefined;
  const { strategyName, total = '1' } = parsed.data;
  const { sysEventMeta: meta } = alert.data.meta;
  const line = joined([alert.data.severity, meta.eventNameEn || alert.data.eventName, meta.resource, meta.regionId]);
  return { format: 'CloudMonitor form', title: `${strategyName} (${total})`, lines: [line], link: '' };
};

/** What the value of a request says, whichever of the formats it is in. */
export const webhookSightOf = (value: unknown): WebhookSight =>
  cloudEventSight(value) ?? standardSight(value) ?? formSight(value) ?? OTHER;

const fieldsOf = (params: URLSearchParams): Record<string, string> => Object.fromEntries(params);

/** The value that a call carries: JSON, the fields of a form, for GET those of the query or the JSON in its `data`; else the text. */
export const webhookValueOf = (request: SandboxRequest): unknown => {
  if (request.method === 'GET') {
    const data = request.query.get('data');
    return (data === null ? undefined : jsonOf(data)) ?? fieldsOf(request.query);
  }
  const text = request.body.toString('utf8');
  if (headerOf(request, 'content-type').startsWith('application/x-www-form-urlencoded')) {
    return fieldsOf(new URLSearchParams(text));
  }
  return bodyJson(request) ?? text;
};
