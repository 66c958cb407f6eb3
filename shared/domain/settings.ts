import * as z from 'zod/mini';
import { canarySection } from './canary-form.ts';
import { languageSchema } from './delivery.ts';
import { durationMs } from './duration.ts';
import { patternIssues } from './event-pattern.ts';
import {
  clockTime,
  duration,
  filterLevelWord,
  interval,
  levelWord,
  METHODS,
  method,
  name,
  names,
  notifyAt,
  secret,
  text,
  texts,
  timezone,
  url,
} from './settings-forms.ts';
import { channelType, mentions, perMinute, pool, webhook } from './settings-robots.ts';
import { messageTemplate } from './settings-templates.ts';

export { METHODS };

/** What a chatbot may be told about, in the order of the console of Security Center. */
const NOTICE_KINDS = ['vulnerability', 'baseline', 'alert', 'accessKeyLeak'] as const;

/** The intervals that Security Center offers for a chatbot; `none` is its "No Limit". */
const CHATBOT_INTERVALS = ['none', '1m', '5m', '10m', '30m'] as const;

const fallback = z.strictObject({
  order: z.array(method).check(z.minLength(1)),
  after: z.optional(duration),
});

const contact = z.strictObject({
  name,
  language: z.optional(languageSchema),
  email: z.optional(z.string().check(z.regex(/^[^\s@]+@[^\s@]+$/, 'must be an email address'))),
  phone: z.optional(
    z.string().check(z.regex(/^\+?[0-9][0-9 -]{3,24}$/, 'must be a phone number such as "+8613800000000"')),
  ),
  inbox: z.optional(name),
  webhook: z.optional(webhook),
  emailFrom: z.optional(name),
  fallback: z.optional(fallback),
});

const effective = z.strictObject({
  days: z.optional(z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))),
  from: z.optional(clockTime),
  to: z.optional(clockTime),
  passes: z.optional(z.array(levelWord)),
});

const repeat = z.strictObject({
  every: duration.check(z.refine((text) => durationMs(text) !== 0, 'must be longer than 0')),
  times: z.optional(z.int().check(z.minimum(1), z.maximum(10))),
});

const notificationPolicy = z.strictObject({
  name,
  contactGroups: names,
  channelsByLevel: z.optional(z.record(levelWord, z.array(method))),
  effective: z.optional(effective),
  interval: z.optional(interval),
  escalation: z.optional(z.array(z.strictObject({ after: duration, contactGroups: names }))),
  repeat: z.optional(repeat),
  fallback: z.optional(fallback),
});

const pattern = z.record(z.string(), z.unknown()).check(
  z.check(({ value, issues }) => {
    for (const { path, message } of patternIssues(value)) issues.push({ code: 'custom', path, message, input: value });
  }),
);

const subscription = z.strictObject({
  name,
  products: z.optional(texts),
  eventTypes: z.optional(texts),
  eventNames: z.optional(texts),
  levels: z.optional(z.array(filterLevelWord)),
  blacklist: z.optional(z.boolean()),
  applicationGroups: z.optional(texts),
  content: z.optional(z.strictObject({ keywords: z.optional(texts), relation: z.optional(z.enum(['or', 'not'])) })),
  resources: z.optional(texts),
  regions: z.optional(texts),
  accounts: z.optional(texts),
  pattern: z.optional(pattern),
  merge: z.optional(
    z.strictObject({
      window: duration,
      by: z.optional(z.array(z.enum(['product', 'eventType', 'eventName', 'level', 'resource', 'region', 'account']))),
    }),
  ),
  policy: name,
  enabled: z.optional(z.boolean()),
});

const assetGroup = z.strictObject({
  name,
  default: z.optional(z.boolean()),
  resources: z.optional(texts),
  source: z.optional(z.enum(['securityCenter'])),
  id: z.optional(z.string().check(z.regex(/^\d{1,20}$/, 'must be the number of an asset group in quotes'))),
});

const chatbot = z.strictObject({
  name,
  type: z.optional(channelType),
  url,
  keywords: z.optional(texts),
  secret: z.optional(secret),
  assetGroups: z.optional(names),
  notifyOn: z.optional(z.array(z.enum(NOTICE_KINDS))),
  interval: z.optional(z.enum(CHATBOT_INTERVALS)),
  language: z.optional(languageSchema),
  enabled: z.optional(z.boolean()),
  mentions: z.optional(mentions),
  perMinute: z.optional(perMinute),
  pool: z.optional(pool),
});

const notice = z.strictObject({
  item: z.enum([
    'vulnerabilities',
    'baselineRisks',
    'alerts',
    'accessKeyLeak',
    'configAssessment',
    'emergencyVulnerability',
  ]),
  notifyBy: z.array(z.enum(['sms', 'email', 'inbox'])),
  notifyAt: z.optional(notifyAt),
  severity: z.optional(z.array(levelWord)),
});

const push = z.optional(
  z.strictObject({ details: z.optional(z.boolean()), overview: z.optional(z.boolean()), every: z.optional(interval) }),
);

const securityCenter = z.strictObject({
  region: z.optional(z.enum(['mainland', 'outside'])),
  notices: z.optional(z.array(notice)),
  cloudMonitorPush: z.optional(
    z.strictObject({
      incident: push,
      alert: push,
      baseline: push,
      cspm: push,
      agentless: push,
      maliciousFile: push,
      vulnerability: push,
      applicationProtection: push,
    }),
  ),
});

const receives = z.optional(z.enum(['enabled', 'disabled', 'required', 'banned']));

const messageCenter = z.strictObject({
  recipients: z.optional(names),
  accountContact: z.optional(name),
  owners: z.optional(names),
  receiving: z.optional(
    z.record(
      z.string(),
      z.strictObject({ sms: receives, voice: receives, email: receives, inbox: receives, webhook: receives }),
    ),
  ),
  robots: z.optional(
    z.array(
      z.strictObject({
        id: name,
        url,
        type: z.optional(channelType),
        secret: z.optional(secret),
        keywords: z.optional(texts),
      }),
    ),
  ),
  templates: z.optional(z.array(messageTemplate)),
});

/**
 * The whole settings file, as it is written and stored. What is left out or empty matches everything or takes its default;
 * what stands in it has been checked in form. References between objects are checked apart from it.
 */
export const settingsSchema = z.strictObject({
  version: z.optional(z.literal(1)),
  account: z.optional(z.string().check(z.regex(/^\d{1,20}$/, 'must be an account number in quotes'))),
  timezone: z.optional(timezone),
  language: z.optional(languageSchema),
  contacts: z.optional(z.array(contact)),
  contactGroups: z.optional(z.array(z.strictObject({ name, contacts: names }))),
  notificationPolicies: z.optional(z.array(notificationPolicy)),
  subscriptions: z.optional(z.array(subscription)),
  assetGroups: z.optional(z.array(assetGroup)),
  chatbots: z.optional(z.array(chatbot)),
  securityCenter: z.optional(securityCenter),
  messageCenter: z.optional(messageCenter),
  resourceInstances: z.optional(
    z.array(
      z.strictObject({
        assetname: name,
        assetUuid: z.optional(name),
        emailUsername: text,
        emailPassword: secret,
        // Empty as in the vendor's form: told from the domain.
        emailSendServer: z.optional(z.string().check(z.maxLength(1_000))),
      }),
    ),
  ),
  sms: z.optional(
    z.strictObject({
      signName: text,
      templateCode: text,
      international: z.optional(z.strictObject({ from: text })),
    }),
  ),
  voice: z.optional(z.strictObject({ ttsCode: text })),
  overview: z.optional(
    z.strictObject({
      day: z.optional(z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])),
      at: z.optional(clockTime),
    }),
  ),
  canary: z.optional(canarySection),
  retention: z.optional(z.strictObject({ events: z.optional(duration), deliveries: z.optional(duration) })),
});

/** The whole settings file. */
export type Settings = z.infer<typeof settingsSchema>;
/** Somebody who can be told. */
export type Contact = z.infer<typeof contact>;
/** Whom to tell by which methods, how often. */
export type NotificationPolicy = z.infer<typeof notificationPolicy>;
/** Which events a notification policy gets. */
export type Subscription = z.infer<typeof subscription>;
/** One robot of Security Center. */
export type Chatbot = z.infer<typeof chatbot>;
/** A method by which a contact can be reached. */
export type Method = (typeof METHODS)[number];
/** In which order to try the methods of a contact. */
export type FallbackOrder = z.infer<typeof fallback>;
/** One row of the notification settings of Security Center. */
export type Notice = z.infer<typeof notice>;
/** What a notice of Security Center is about. */
export type NoticeItem = Notice['item'];
/** The switches of the CloudMonitor push. */
export type CloudMonitorPush = NonNullable<z.infer<typeof securityCenter>['cloudMonitorPush']>;
/** What a switch of the CloudMonitor push is about. */
export type PushItem = keyof CloudMonitorPush;
/** Assets under one name, for chatbots. */
export type AssetGroup = z.infer<typeof assetGroup>;
/** What a chatbot may be told about. */
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** One thing that is wrong with a settings file: where (such as `contacts[0].webhook.url`) and what, without secrets. */
export interface SettingsIssue {
  path: string;
  message: string;
}

/** The language that the file sets for those who set none; Chinese when it sets none itself. */
export const languageOf = (settings: Settings): 'zh' | 'en' => settings.language ?? 'zh';

/** The time zone of the file; that of Alibaba Cloud's home when it sets none. */
export const timezoneOf = (settings: Settings): string => settings.timezone ?? 'Asia/Shanghai';
