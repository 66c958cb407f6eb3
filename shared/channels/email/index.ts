import type { Outcome } from '../../domain/outcome.ts';
import type { SmtpAccount, Target } from '../../domain/target.ts';
import { MailError, type MailReceipt, type MailServer } from '../../ports/mail-transport.ts';
import type { Channel, ChannelPorts, Notice } from '../channel.ts';
import { type Mailbox, mailboxOf, type ServerProblem, submissionServerOf } from './config.ts';
import { BAD_ADDRESSES } from './fixes.ts';
import { rememberSuccess, workedUntil } from './last-success.ts';
import { renderMail } from './render.ts';
import { afterSuccess, isLoginRefused, readMailFailure } from './reply.ts';

/** Servers look at a mail before they answer; some take many seconds. */
const TIMEOUT_MS = 30_000;

const BAD_RECIPIENT: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: 'bad-address',
  cause: 'format',
  text: 'the address of the recipient is not one mail address',
  fix: BAD_ADDRESSES,
};

const NO_SENDER: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: 'no-sender',
  cause: 'auth',
  text: 'there is no resource instance to send mails with',
  fix: {
    en: 'Add a resource instance to the settings: assetname, emailUsername, and emailPassword with the authorization code of that mailbox.',
    zh: '请在设置中添加资源实例：assetname、emailUsername，以及填入该邮箱授权码的 emailPassword。',
  },
};

const unusable = ({ code, text, fix }: ServerProblem): Outcome => ({
  kind: 'refused',
  endpointDead: false,
  code,
  cause: 'url',
  text,
  fix,
});

/** Who sends what to whom, over which server. */
interface Errand {
  notice: Notice;
  target: Target;
  sender: Mailbox;
  recipient: Mailbox;
  server: MailServer;
}

const secretsOf = ({ target, server, sender, recipient }: Errand): string[] =>
  [server.password, server.user, sender.address, recipient.address, target.address].filter((secret) => secret !== '');

/** Losing the memory of a success costs a better explanation some day, never the mail. */
const remember = async ({ server }: Errand, { store, clock }: ChannelPorts): Promise<void> => {
  await rememberSuccess(store, server, clock.nowMs()).catch(() => undefined);
};

const explain = async (outcome: Outcome, { server, target }: Errand, { store }: ChannelPorts): Promise<Outcome> => {
  if (!isLoginRefused(outcome)) return outcome;
  const workedAtMs = await workedUntil(store, server).catch(() => undefined);
  return workedAtMs === undefined ? outcome : afterSuccess(outcome, workedAtMs, target.timezone);
};

/** There is one recipient, so a mail that was taken for others only was not taken. */
const assertTaken = ({ rejected }: MailReceipt): void => {
  const [first] = rejected;
  if (first === undefined) return;
  const responseCode = Number(/^\d{3}/.exec(first.response)?.[0] ?? '550');
  const { response } = first;
  const stage = 'recipient';
  throw new MailError({ code: 'EENVELOPE', sent: 'no', message: 'refused', responseCode, response, stage });
};

const attempt = async (errand: Errand, ports: ChannelPorts): Promise<Outcome> => {
  const { notice, target, sender, recipient, server } = errand;
  try {
    const mail = renderMail(notice, { sender, recipient, target });
    assertTaken(await ports.mail.send({ server, mail, timeoutMs: TIMEOUT_MS }));
    await remember(errand, ports);
    return { kind: 'delivered', code: '250' };
  } catch (error) {
    return explain(readMailFailure(error, secretsOf(errand)), errand, ports);
  }
};

const errandOf = (account: SmtpAccount, notice: Notice, target: Target): Errand | Outcome => {
  const server = submissionServerOf(account);
  if ('fix' in server) return unusable(server);
  const sender = mailboxOf(account.user);
  const recipient = mailboxOf(target.address);
  if (sender === undefined || recipient === undefined) return BAD_RECIPIENT;
  return {
    notice,
    target,
    sender,
    recipient,
    server: { ...server, user: account.user.trim(), password: account.password },
  };
};

/** Mail over SMTP with TLS and a login, sent as the mailbox of a resource instance. No provider publishes a limit for one recipient. */
export const email: Channel = {
  name: 'email',
  timeoutMs: TIMEOUT_MS,
  claims: () => false,
  send: async (notice, target, ports) => {
    if (target.smtp === undefined) return NO_SENDER;
    const errand = errandOf(target.smtp, notice, target);
    return 'kind' in errand ? errand : attempt(errand, ports);
  },
};
