/** How much a finding matters: `error` cannot do what it says, `warn` hardly does what is meant, `remind` is worth knowing. */
type FindingSeverity = 'error' | 'warn' | 'remind';

/** What can be found, by stable names. */
type FindingCode =
  | 'channel-not-deployed'
  | 'no-sender'
  | 'phone-without-country-code'
  | 'no-international-sender'
  | 'fallback-without-next'
  | 'fallback-without-address'
  | 'fallback-cut-short'
  | 'mail-port-25'
  | 'second-sender'
  | 'calls-for-calm-levels'
  | 'foreign-robot-in-pool'
  | 'key-without-effect'
  | 'previous-secret-alone'
  | 'contact-without-address'
  | 'unused-object'
  | 'duplicate-webhook'
  | 'keyword-missing'
  | 'keywords-differ'
  | 'interval-too-short'
  | 'rate-over-limit'
  | 'quiet-hours-hold-critical'
  | 'unreachable-subscription'
  | 'tells-nobody'
  | 'black-hole'
  | 'recent-black-hole'
  | 'shadowed-rule'
  | 'secret-in-the-clear'
  | 'receipts-kept-as-events'
  | 'escalation-time'
  | 'repeat-time'
  | 'escalation-tells-nobody-new'
  | 'no-acknowledgement-link'
  | 'method-without-address'
  | 'asset-group-empty'
  | 'push-interval-too-short'
  | 'push-interval-holds-back'
  | 'type-not-pushed'
  | 'notices-tell-nobody'
  | 'channel-refused'
  | 'asset-group-unread'
  | 'canary-time'
  | 'canary-tells-nobody'
  | 'canary-disturbs'
  | 'canary-alarm-nobody'
  | 'canary-alarm-same-channel'
  | 'more-of-the-kind';

/** What is the matter, why it matters and what to do, in one language. */
interface FindingWords {
  what: string;
  why: string;
  fix: string;
}

/** One thing about settings that hold: where, and the words in English and, under `zh`, in Chinese. */
export interface SettingsFinding extends FindingWords {
  code: FindingCode;
  severity: FindingSeverity;
  path: string;
  zh: FindingWords;
}

type Words = readonly [what: string, why: string, fix: string];

/** A finding with its words: what, why and what to do, each in both languages. */
export const finding = (
  head: Pick<SettingsFinding, 'code' | 'severity' | 'path'>,
  [what, why, fix]: Words,
  zh: Words,
): SettingsFinding => ({ ...head, what, why, fix, zh: { what: zh[0], why: zh[1], fix: zh[2] } });
