import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Bilingual } from '../../domain/event.ts';
import type { SmtpAccount } from '../../domain/target.ts';
import { serverOfDomain, submissionPortOf } from './servers.ts';

/** One mailbox: the address with its domain in ASCII and lower case. */
export interface Mailbox {
  address: string;
  domain: string;
}

/** Where mails are handed in. */
export interface SubmissionServer {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS is required before anything is said. */
  implicitTls: boolean;
}

/** Why no server can be used, and what to do about it. */
export interface ServerProblem {
  code: 'bad-sender' | 'bad-server' | 'closed-port' | 'unknown-server';
  text: string;
  fix: Bilingual;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL_PART = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`);
const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
/** Source: RFC 5321, 4.5.3.1. */
const MAX_LOCAL_CHARS = 64;
const MAX_ADDRESS_CHARS = 254;

/**
 * The mailbox that a text names; undefined when it is not exactly one plain address. A list, a name beside the address, quotes and
 * comments are refused: a mail library would read them as more than one recipient.
 */
export const mailboxOf = (text: string): Mailbox | undefined => {
  const [local = '', given = '', ...rest] = text.trim().split('@');
  const domain = /[\s:[\]/\\]/.test(given) ? '' : domainToASCII(given);
  const address = `${local}@${domain}`;
  const sound = rest.length === 0 && LOCAL_PART.test(local) && HOST.test(domain) && domain.includes('.');
  if (!sound || local.length > MAX_LOCAL_CHARS || address.length > MAX_ADDRESS_CHARS) return undefined;
  return { address, domain };
};

const BAD_SENDER: ServerProblem = {
  code: 'bad-sender',
  text: 'the sender is not one mail address',
  fix: {
    en: 'emailUsername of the resource instance must be one whole mail address, such as alert@163.com.',
    zh: '资源实例的 emailUsername 必须是一个完整的邮箱地址，例如 alert@163.com。',
  },
};

const BAD_SERVER: ServerProblem = {
  code: 'bad-server',
  text: 'the mail server is not host or host:port',
  fix: {
    en: 'emailSendServer must be host or host:port, such as smtp.163.com:465; leave it out for the common mail providers.',
    zh: 'emailSendServer 的格式为 主机 或 主机:端口，例如 smtp.163.com:465；常见邮箱可以留空。',
  },
};

/** Source: seed document of the SMTP resource instance: "Port 25 is blocked by Alibaba Cloud server security controls". */
const CLOSED_PORT = 25;

const PORT_25: ServerProblem = {
  code: 'closed-port',
  text: 'port 25 is closed on Alibaba Cloud',
  fix: {
    en: 'Alibaba Cloud closes port 25, and mail without TLS would show the password: use port 465 (or 587) in emailSendServer.',
    zh: '阿里云封禁了 25 端口，且明文发信会泄露密码：请在 emailSendServer 中使用 465（或 587）端口。',
  },
};

const unknownDomain = (domain: string): ServerProblem => ({
  code: 'unknown-server',
  text: 'the mail server cannot be told from the sender',
  fix: {
    en: `The mail server of ${domain} cannot be told from the address: enter emailSendServer in the resource instance. For Tencent Exmail it is smtp.exmail.qq.com:465, for Alibaba Mail smtp.qiye.aliyun.com:465.`,
    zh: `无法根据 ${domain} 推断发信服务器：请在资源实例中填写 emailSendServer。腾讯企业邮为 smtp.exmail.qq.com:465，阿里企业邮箱为 smtp.qiye.aliyun.com:465。`,
  },
});

/** `[v6]:port`, `[v6]`, a bare v6 address, `host:port` or `host`. */
const partsOf = (text: string): { host: string; port: string } => {
  if (isIP(text) === 6) return { host: text, port: '' };
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.+))?$/.exec(text) ?? [];
  if (bracketed === undefined) return { host: plain, port };
  return { host: isIP(bracketed) === 6 ? bracketed : '', port };
};

const isHost = (host: string): boolean => isIP(host) !== 0 || HOST.test(host);

/** 587 speaks plainly first and must then change to TLS; every other port is TLS from the first byte. */
const STARTTLS_PORT = 587;

const serverAt = (host: string, port: number): SubmissionServer | ServerProblem => {
  if (port === CLOSED_PORT) return PORT_25;
  return { host, port, implicitTls: port !== STARTTLS_PORT };
};

const givenServer = (text: string): SubmissionServer | ServerProblem => {
  const { host, port } = partsOf(text.toLowerCase());
  if (!(isHost(host) && /^\d{0,5}$/.test(port))) return BAD_SERVER;
  const number = port === '' ? submissionPortOf(host) : Number(port);
  return number >= 1 && number <= 65_535 ? serverAt(host, number) : BAD_SERVER;
};

/**
 * The server of a resource instance: as its `emailSendServer` says (465 when the port is left out), else told from the domain of its
 * `emailUsername`. A problem says what to enter.
 */
export const submissionServerOf = ({
  server,
  user,
}: Pick<SmtpAccount, 'server' | 'user'>): SubmissionServer | ServerProblem => {
  const sender = mailboxOf(user);
  if (sender === undefined) return BAD_SENDER;
  const given = server?.trim() ?? '';
  if (given !== '') return givenServer(given);
  const inferred = serverOfDomain(sender.domain);
  return inferred === undefined ? unknownDomain(sender.domain) : serverAt(inferred.host, inferred.port);
};
