/** Where a provider takes mails of its users. */
interface KnownServer {
  host: string;
  port: number;
}

/** TLS from the first byte. Source: seed document of the SMTP resource instance, "Port defaults to 465 if omitted". */
const SMTPS_PORT = 465;

/** These two offer STARTTLS on 587 and nothing on 465. Source: nodemailer 10.6.0, well-known services. */
const MICROSOFT_PERSONAL: KnownServer = { host: 'smtp-mail.outlook.com', port: 587 };
const MICROSOFT_365: KnownServer = { host: 'smtp.office365.com', port: 587 };

const smtps = (host: string): KnownServer => ({ host, port: SMTPS_PORT });

/** Source for qq.com: nodemailer 10.6.0; for the two other domains of the same service: common knowledge, not verified. */
const QQ = smtps('smtp.qq.com');
const GMAIL = smtps('smtp.gmail.com');
/** Source: nodemailer 10.6.0, well-known service AliyunQiye. */
const ALIBABA_MAIL = smtps('smtp.qiye.aliyun.com');

/** By the domain of the sender. The table of the mail library lacks most of them. Sources: seed document (QQ, 163, 126, Gmail, Aliyun), nodemailer 10.6.0. */
const SERVERS: ReadonlyMap<string, KnownServer> = new Map([
  ['qq.com', QQ],
  ['vip.qq.com', QQ],
  ['foxmail.com', QQ],
  ['exmail.qq.com', smtps('smtp.exmail.qq.com')],
  ['163.com', smtps('smtp.163.com')],
  ['126.com', smtps('smtp.126.com')],
  ['yeah.net', smtps('smtp.yeah.net')],
  ['gmail.com', GMAIL],
  ['googlemail.com', GMAIL],
  ['aliyun.com', smtps('smtp.aliyun.com')],
  ['mxhichina.com', ALIBABA_MAIL],
  ['qiye.aliyun.com', ALIBABA_MAIL],
  ['feishu.cn', smtps('smtp.feishu.cn')],
  ['outlook.com', MICROSOFT_PERSONAL],
  ['hotmail.com', MICROSOFT_PERSONAL],
  ['live.com', MICROSOFT_PERSONAL],
  ['office365.com', MICROSOFT_365],
]);

/** The server of a provider whose users have this domain, in lower case; undefined for any other, such as a company's own. */
export const serverOfDomain = (domain: string): KnownServer | undefined => SERVERS.get(domain);

/** The port to use at a host when the settings name none: 465, but for known hosts that have only 587. */
export const submissionPortOf = (host: string): number =>
  [...SERVERS.values()].find((known) => known.host === host)?.port ?? SMTPS_PORT;
