import * as z from 'zod/mini';

/** What a mail server says instead of taking the mail. */
export interface Refusal {
  code: number;
  words: string;
}

/** How the mailbox of a sender behaves. */
export const mailboxSettingsSchema = z.strictObject({
  /** Only these are accepted; any but `wrong` and `expired` when absent. */
  passwords: z.optional(z.array(z.string())),
  /** Whether the owner switched SMTP on; on when absent. */
  smtp: z.optional(z.enum(['on', 'off'])),
});

/** How the mailbox of a sender behaves. */
export type MailboxSettings = z.infer<typeof mailboxSettingsSchema>;

/** Passwords that no mailbox takes unless its settings say so: one for a typing error, one for a code that is over. */
const REFUSED_PASSWORDS: ReadonlySet<string> = new Set(['wrong', 'expired']);

const QQ_DOMAINS: ReadonlySet<string> = new Set(['qq.com', 'vip.qq.com', 'foxmail.com', 'exmail.qq.com']);
const NETEASE_DOMAINS: ReadonlySet<string> = new Set(['163.com', '126.com', 'yeah.net']);

/** Words of QQ and Gmail as others recorded them; the rest in the manner of common servers. An expired code has no words of its own. */
const LOGIN_FAILED = {
  qq: 'Login Fail. Please enter your authorization code to login. More information in https://service.mail.qq.com/',
  netease: 'Error: authentication failed',
  gmail: '5.7.8 Username and Password not accepted.',
  other: '5.7.8 Error: authentication failed',
} as const;

/** The domain of an address in lower case; empty when it has none. */
const domainOf = (address: string): string => address.split('@')[1]?.toLowerCase() ?? '';

const houseOf = (user: string): keyof typeof LOGIN_FAILED => {
  const domain = domainOf(user);
  if (QQ_DOMAINS.has(domain)) return 'qq';
  if (NETEASE_DOMAINS.has(domain)) return 'netease';
  return /^g(?:oogle)?mail\.com$/.test(domain) ? 'gmail' : 'other';
};

/** Whether this login is refused, and in which words: those of the house that the user's domain belongs to. */
export const judgeLogin = (user: string, password: string, settings: MailboxSettings): Refusal | undefined => {
  if (settings.smtp === 'off') return { code: 550, words: 'User has no permission' };
  const accepted = settings.passwords?.includes(password) ?? !REFUSED_PASSWORDS.has(password);
  return accepted && password !== '' ? undefined : { code: 535, words: LOGIN_FAILED[houseOf(user)] };
};

/** The sender must be the mailbox that logged in. Source: answer 553 of NetEase, "Mail from must equal authorized user". */
export const judgeSender = (user: string, sender: string): Refusal | undefined =>
  user.toLowerCase() === sender.toLowerCase()
    ? undefined
    : { code: 553, words: 'Mail from must equal authorized user' };

/** Mailboxes that never were: their names begin with `nobody`. */
export const judgeRecipient = (recipient: string): Refusal | undefined =>
  /^nobody/i.test(recipient) ? { code: 550, words: 'Mailbox not found or access denied: no such user' } : undefined;

/** When in a conversation an answer is given. */
export type Turn = 'login' | 'sender' | 'recipient' | 'content';

const TURNS: Readonly<Record<string, Turn>> = {
  '454': 'login',
  '530': 'login',
  '534': 'login',
  '535': 'login',
  '501': 'sender',
  '553': 'sender',
  '450': 'recipient',
  '550': 'recipient',
  '551': 'recipient',
};

/** The turn at which a server gives this answer; what it says about a whole mail comes after the content. */
export const turnOf = (code: number | string): Turn => TURNS[String(code)] ?? 'content';
