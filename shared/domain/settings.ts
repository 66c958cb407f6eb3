import * as z from 'zod/mini';
import { languageSchema } from './delivery.ts';
import { DURATION_FORM, INTERVAL_FORM } from './duration.ts';
import { levelOfWord, levelWords } from './level.ts';
import { nearestOf } from './settings-nearest.ts';

/** Methods by which a contact can be reached; each robot, whatever its maker, is a webhook. */
const METHODS = ['webhook', 'sms', 'voice', 'email', 'inbox'] as const;

/** What a chatbot may be told about, in the order of the console of Security Center. */
const NOTICE_KINDS = ['vulnerability', 'baseline', 'alert', 'accessKeyLeak'] as const;

/** The intervals that Security Center offers for a chatbot; `none` is its "No Limit". */
const CHATBOT_INTERVALS = ['none', '1m', '5m', '10m', '30m'] as const;

const levelMessage = (word: unknown): string => {
  const nearest = nearestOf(String(word).toLowerCase(), levelWords());
  return nearest === undefined ? 'is not a known level word' : `is not a known level word; did you mean "${nearest}"?`;
};

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const isHttpUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:');
};

const name = z
  .string()
  .check(z.regex(/^(?!\s)[^\p{Cc}]{1,100}(?<!\s)$/u, 'must be 1 to 100 characters without spaces at its ends'));
const text = z.string().check(z.minLength(1), z.maxLength(1_000));
const texts = z.array(text);
const names = z.array(name);
const levelWord = z
  .string()
  .check(z.refine((word) => levelOfWord(word) !== undefined, { error: (i) => levelMessage(i.input) }));
const duration = z.string().check(z.regex(DURATION_FORM, 'must be a duration such as 90s, 5m or 2h'));
const interval = z.string().check(z.regex(INTERVAL_FORM, 'must be "none" or a duration such as 90s, 5m or 2h'));
const clockTime = z
  .string()
  .check(z.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day such as "08:00"'));
const notifyAt = z
  .string()
  .check(
    z.regex(
      /^(any|([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00))$/,
      'must be "any" or such as "08:00-22:00"',
    ),
  );
const url = z
  .string()
  .check(z.maxLength(2_048), z.refine(isHttpUrl, 'must be a URL that begins with https:// or http://'));
const timezone = z.string().check(z.refine(isZone, 'must be the IANA name of a time zone, such as Asia/Shanghai'));
const channelType = z.enum(['dingtalk', 'lark', 'wecom', 'slack', 'webhook']);
const secret = z.string().check(z.minLength(1), z.maxLength(1_000));

const mentions = z.strictObject({
  phones: z.optional(texts),
  userIds: z.optional(texts),
  all: z.optional(z.boolean()),
});

const webhook = z.strictObject({
  type: z.optional(channelType),
  url,
  keywords: z.optional(texts),
  secret: z.optional(secret),
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
});

const effective = z.strictObject({
  days: z.optional(z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))),
  from: z.optional(clockTime),
  to: z.optional(clockTime),
  passes: z.optional(z.array(levelWord)),
});

const notificationPolicy = z.strictObject({
  name,
  contactGroups: names,
  channelsByLevel: z.optional(z.record(levelWord, z.array(z.enum(METHODS)))),
  effective: z.optional(effective),
  interval: z.optional(interval),
  escalation: z.optional(z.array(z.strictObject({ after: duration, contactGroups: names }))),
});

const subscription = z.strictObject({
  name,
  products: z.optional(texts),
  eventTypes: z.optional(texts),
  eventNames: z.optional(texts),
  levels: z.optional(z.array(levelWord)),
  blacklist: z.optional(z.boolean()),
  applicationGroups: z.optional(texts),
  content: z.optional(z.strictObject({ keywords: z.optional(texts), relation: z.optional(z.enum(['or', 'not'])) })),
  resources: z.optional(texts),
  regions: z.optional(texts),
  accounts: z.optional(texts),
  pattern: z.optional(z.record(z.string(), z.unknown())),
  merge: z.optional(
    z.strictObject({
      window: duration,
      by: z.optional(z.array(z.enum(['product', 'eventType', 'eventName', 'level', 'resource', 'region', 'account']))),
    }),
  ),
  policy: name,
  enabled: z.optional(z.boolean()),
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
  receiving: z.optional(
    z.record(z.string(), z.strictObject({ sms: receives, email: receives, inbox: receives, webhook: receives })),
  ),
  robots: z.optional(z.array(z.strictObject({ id: name, url }))),
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
  assetGroups: z.optional(
    z.array(z.strictObject({ name, default: z.optional(z.boolean()), resources: z.optional(texts) })),
  ),
  chatbots: z.optional(z.array(chatbot)),
  securityCenter: z.optional(securityCenter),
  messageCenter: z.optional(messageCenter),
  resourceInstances: z.optional(
    z.array(
      z.strictObject({
        assetname: name,
        emailUsername: text,
        emailPassword: secret,
        emailSendServer: z.optional(text),
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
