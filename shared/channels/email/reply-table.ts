import { CERTIFICATE_CODES } from '../../domain/certificate-codes.ts';
import type { Cause } from '../../domain/delivery.ts';
import type { Bilingual } from '../../domain/event.ts';
import type { MailStage } from '../../ports/mail-transport.ts';
import * as FIX from './fixes.ts';

/** What an answer means for the mail: `dead` is a refusal by a mailbox that does not exist. */
type Verdict = 'throttled' | 'retry' | 'refused' | 'dead';

/** How one answer is read. */
export interface ReplyRule {
  /** The number that the server answered, or the code of the transport when it answered nothing. */
  codes: readonly string[];
  /** Tested against the words of the server. */
  match?: RegExp;
  stage?: MailStage;
  verdict: Verdict;
  cause: Cause;
  retryAfterMs: number;
  maxAttempts: number;
  fix: Bilingual;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const RETRY_ATTEMPTS = 10;
const CAUTIOUS_ATTEMPTS = 2;

type Given = Pick<ReplyRule, 'codes' | 'cause' | 'fix'> & Partial<ReplyRule>;

const refused = (rule: Given): ReplyRule => ({ verdict: 'refused', retryAfterMs: 0, maxAttempts: 1, ...rule });
const throttled = (rule: Given): ReplyRule => ({
  verdict: 'throttled',
  retryAfterMs: 5 * MINUTE,
  maxAttempts: RETRY_ATTEMPTS,
  ...rule,
});
const retry = (rule: Given): ReplyRule => ({
  verdict: 'retry',
  retryAfterMs: 5 * SECOND,
  maxAttempts: RETRY_ATTEMPTS,
  ...rule,
});

/** Answers of servers. Sources: recorded answers of QQ and NetEase for 421, 450, 451, 535, 550, 553, 554; RFC 5321 and RFC 4954 for the rest. */
const SERVER_RULES: readonly ReplyRule[] = [
  throttled({ codes: ['421', '450'], cause: 'rate', fix: FIX.TOO_FAST }),
  throttled({ codes: ['451'], cause: 'rate', retryAfterMs: 15 * MINUTE, fix: FIX.QUARTER_OF_AN_HOUR }),
  throttled({ codes: ['452'], cause: 'rate', retryAfterMs: 15 * MINUTE, fix: FIX.NO_ROOM }),
  retry({ codes: ['454'], cause: 'auth', retryAfterMs: 5 * MINUTE, fix: FIX.LOGIN_LATER }),
  refused({ codes: ['500', '502'], cause: 'format', fix: FIX.NOT_A_SUBMISSION_SERVER }),
  refused({ codes: ['501'], cause: 'format', fix: FIX.BAD_ADDRESSES }),
  refused({ codes: ['503', '530'], cause: 'auth', fix: FIX.LOGIN_NEEDED }),
  refused({ codes: ['534'], cause: 'auth', fix: FIX.APPLICATION_PASSWORD }),
  retry({
    codes: ['535'],
    match: /account is abnormal/i,
    cause: 'auth',
    retryAfterMs: 15 * MINUTE,
    maxAttempts: CAUTIOUS_ATTEMPTS,
    fix: FIX.LOGIN_FOR_MANY_REASONS,
  }),
  throttled({
    codes: ['535'],
    match: /too many times|frequency limited|system is busy|过于频繁|次数过多|系统繁忙/i,
    cause: 'rate',
    retryAfterMs: 15 * MINUTE,
    fix: FIX.TOO_MANY_LOGINS,
  }),
  refused({ codes: ['535'], cause: 'auth', fix: FIX.AUTHORIZATION_CODE }),
  refused({ codes: ['550'], match: /user has no permission|无权限/i, cause: 'auth', fix: FIX.SERVICE_OFF }),
  refused({
    codes: ['550'],
    match: /user (?:not found|unknown)|mailbox not found|no such user/i,
    stage: 'recipient',
    verdict: 'dead',
    cause: 'format',
    fix: FIX.NO_SUCH_MAILBOX,
  }),
  refused({
    codes: ['550'],
    match: /user (?:not found|unknown)|mailbox not found|no such user/i,
    cause: 'format',
    fix: FIX.NO_SUCH_MAILBOX,
  }),
  throttled({
    codes: ['550'],
    match: /frequency|too many/i,
    cause: 'rate',
    retryAfterMs: 60 * MINUTE,
    fix: FIX.TOO_MANY_MAILS,
  }),
  refused({ codes: ['550', '551'], cause: 'other', fix: FIX.REFUSED }),
  refused({ codes: ['552'], cause: 'size', fix: FIX.TOO_LARGE }),
  refused({ codes: ['553'], stage: 'recipient', cause: 'format', fix: FIX.BAD_ADDRESSES }),
  refused({ codes: ['553'], cause: 'auth', fix: FIX.SENDER_DIFFERS }),
  refused({ codes: ['554'], cause: 'other', fix: FIX.CONTENT }),
];

/** What the transport says when no server answered. Source: measured with nodemailer 10.6.0. */
const TRANSPORT_RULES: readonly ReplyRule[] = [
  refused({ codes: ['EPORT'], cause: 'url', fix: FIX.CLOSED_PORT }),
  refused({ codes: ['ESSRF'], cause: 'url', fix: FIX.PRIVATE_SERVER }),
  refused({
    codes: CERTIFICATE_CODES,
    cause: 'url',
    fix: FIX.CERTIFICATE,
  }),
  refused({ codes: ['EAUTH', 'ENOAUTH'], cause: 'auth', fix: FIX.LOGIN_NEEDED }),
  refused({ codes: ['EENVELOPE'], cause: 'other', fix: FIX.REFUSED }),
  refused({ codes: ['EMESSAGE'], cause: 'other', fix: FIX.CONTENT }),
  refused({ codes: ['ESOCKET'], match: /wrong version number/i, cause: 'url', fix: FIX.WRONG_PORT }),
  retry({ codes: ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT'], cause: 'url', fix: FIX.UNREACHED }),
  retry({ codes: ['EDNS'], cause: 'url', retryAfterMs: 30 * SECOND, maxAttempts: 3, fix: FIX.UNKNOWN_HOST }),
  refused({ codes: ['ETLS', 'EREQUIRETLS'], cause: 'url', fix: FIX.WRONG_PORT }),
  retry({ codes: ['EPROTOCOL'], cause: 'other', fix: FIX.ODD_ANSWER }),
  retry({ codes: ['EBUSY'], cause: 'other', fix: FIX.BUSY }),
  refused({ codes: ['EMAXRECIPIENTS'], cause: 'size', fix: FIX.TOO_MANY_RECIPIENTS }),
  refused({ codes: ['EADDRESS'], cause: 'format', fix: FIX.BAD_ADDRESSES }),
  refused({ codes: ['EFILEACCESS', 'EURLACCESS', 'ECONFIG'], cause: 'format', fix: FIX.OWN_FAULT }),
];

/** A temporary answer that is not known: it may pass. */
const TEMPORARY: ReplyRule = retry({ codes: [], cause: 'other', retryAfterMs: 5 * MINUTE, fix: FIX.UNKNOWN_ANSWER });
/** A permanent answer that is not known: the server says that it will not change its mind. */
const PERMANENT: ReplyRule = refused({ codes: [], cause: 'other', fix: FIX.UNKNOWN_ANSWER });
/** An answer that is no failure at all by its number, or none: too early to give up, too uncertain to insist. */
const UNKNOWN: ReplyRule = retry({
  codes: [],
  cause: 'other',
  maxAttempts: CAUTIOUS_ATTEMPTS,
  fix: FIX.UNKNOWN_ANSWER,
});

/** What is known about one failure. */
export interface FailureFacts {
  code: string;
  /** What the server said, or the transport. */
  words: string;
  stage: MailStage;
}

const find = (rules: readonly ReplyRule[], { code, words, stage }: FailureFacts): ReplyRule | undefined =>
  rules.find(
    (rule) =>
      rule.codes.includes(code) &&
      (rule.match?.test(words) ?? true) &&
      (rule.stage === undefined || rule.stage === stage),
  );

/** The rule for what a server answered; unknown numbers by their first digit. */
export const ruleOfAnswer = (facts: FailureFacts): ReplyRule => {
  const known = find(SERVER_RULES, facts);
  if (known !== undefined) return known;
  if (facts.code.startsWith('4')) return TEMPORARY;
  return facts.code.startsWith('5') ? PERMANENT : UNKNOWN;
};

/** The rule for a failure without an answer; undefined when the code is not known. */
export const ruleOfTransport = (facts: FailureFacts): ReplyRule | undefined => find(TRANSPORT_RULES, facts);
