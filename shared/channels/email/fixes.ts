import type { Bilingual } from '../../domain/event.ts';

/** 421, 450: too many connections or mails. */
export const TOO_FAST: Bilingual = {
  en: 'The mail server asks for a pause: sending to this mailbox waits five minutes and what waits is merged. Choose a longer interval when this goes on.',
  zh: '邮件服务器要求暂停：五分钟内不再向该邮箱发送，等待中的消息会合并；如持续出现，请加长通知间隔。',
};
/** 451. */
export const QUARTER_OF_AN_HOUR: Bilingual = {
  en: 'The mail server refuses for now: sending to this mailbox waits 15 minutes and what waits is merged. Check the authorization code, and choose a longer interval, when this goes on.',
  zh: '邮件服务器暂时拒绝：15 分钟内不再向该邮箱发送，等待中的消息会合并；如持续出现，请检查授权码并加长通知间隔。',
};
/** 452. */
export const NO_ROOM: Bilingual = {
  en: 'The server or the mailbox has no room, or there were too many recipients: it is tried again in 15 minutes. Empty the mailbox.',
  zh: '服务器或邮箱空间不足，或收件人过多：15 分钟后重试；请清理邮箱。',
};
/** 454. */
export const LOGIN_LATER: Bilingual = {
  en: 'The mail server cannot check logins at the moment; it is tried up to ten times.',
  zh: '邮件服务器暂时无法验证登录，系统最多尝试十次。',
};
/** 500, 502. */
export const NOT_A_SUBMISSION_SERVER: Bilingual = {
  en: 'The server does not know a command: check emailSendServer; it must be the server for sending (SMTP), not for reading mail.',
  zh: '服务器不识别命令：请检查 emailSendServer，应为发信（SMTP）服务器，而不是收信服务器。',
};
/** 501, 553 for a recipient, and addresses that are none. */
export const BAD_ADDRESSES: Bilingual = {
  en: 'The address is not accepted: enter one plain mail address, such as name@example.com.',
  zh: '邮箱地址不被接受：请填写一个普通邮箱地址，例如 name@example.com。',
};
/** 503, 530, and a login that was not possible. */
export const LOGIN_NEEDED: Bilingual = {
  en: 'The mail server wants a login: enter emailUsername and the authorization code as emailPassword, and use port 465 or 587.',
  zh: '邮件服务器要求登录：请填写 emailUsername，并将授权码填入 emailPassword，端口使用 465 或 587。',
};
/** 534. */
export const APPLICATION_PASSWORD: Bilingual = {
  en: 'The provider wants an application password here: create one in the security settings of the mailbox and enter it as emailPassword.',
  zh: '该邮箱要求使用应用专用密码：请在邮箱的安全设置中创建，并填入 emailPassword。',
};
/** 535 of QQ that names five reasons in one sentence. */
export const LOGIN_FOR_MANY_REASONS: Bilingual = {
  en: 'The provider names several reasons at once: the code is wrong, SMTP is switched off, the account is locked, or there were too many logins. It is tried once more in 15 minutes; then check them in this order.',
  zh: '邮箱服务商同时给出多种可能：授权码错误、未开启 SMTP、账号异常或登录过于频繁。系统 15 分钟后再试一次；之后请依次检查。',
};
/** 535 for too many logins. */
export const TOO_MANY_LOGINS: Bilingual = {
  en: 'Too many logins to this mail account: sending waits 15 minutes. Check that no other program uses the same account; open connections are used again here.',
  zh: '该发信账号登录过于频繁：15 分钟后重试。请确认没有其他程序使用同一账号；本系统会复用连接。',
};
/** 535. */
export const AUTHORIZATION_CODE: Bilingual = {
  en: 'The login was refused: create a new authorization code in the settings of the mailbox, switch on SMTP there, and enter the code (not the password of the account) as emailPassword.',
  zh: '登录被拒绝：请在邮箱设置中开启 SMTP 服务并重新生成授权码，将授权码（不是登录密码）填入 emailPassword。',
};
/** 550 for a sender without permission. */
export const SERVICE_OFF: Bilingual = {
  en: 'The sender may not use SMTP: switch on the SMTP service in the settings of the mailbox.',
  zh: '发信账号没有权限：请在邮箱设置中开启 SMTP 服务。',
};
/** 550 for an unknown mailbox. */
export const NO_SUCH_MAILBOX: Bilingual = {
  en: 'There is no such mailbox: correct the address of the recipient.',
  zh: '收件邮箱不存在：请更正收件人地址。',
};
/** 550 for frequency. */
export const TOO_MANY_MAILS: Bilingual = {
  en: 'The provider counts too many mails: sending to this mailbox waits an hour and what waits is merged. Choose a longer interval, or a sender with a larger quota.',
  zh: '服务商认为发信过多：一小时内不再向该邮箱发送，等待中的消息会合并；请加长通知间隔，或更换额度更高的发信账号。',
};
/** 550, 551 and refusals without a number. */
export const REFUSED: Bilingual = {
  en: 'The mail server refuses the sender or the recipient: check the address of the recipient, and whether this sender may write to it.',
  zh: '邮件服务器拒绝了发件人或收件人：请检查收件地址，以及该发信账号是否有权向其发送。',
};
/** 552. */
export const TOO_LARGE: Bilingual = {
  en: 'The mail is too large, or the mailbox is full: ask the recipient to empty it.',
  zh: '邮件过大或收件邮箱已满：请收件人清理邮箱。',
};
/** 553 for the sender. */
export const SENDER_DIFFERS: Bilingual = {
  en: 'The sender must be the account that logs in: enter the whole address of that account as emailUsername.',
  zh: '发件人必须与登录账号一致：请在 emailUsername 中填写该账号的完整邮箱地址。',
};
/** 554. */
export const CONTENT: Bilingual = {
  en: 'The provider takes the mail for spam or has a rule against it: let the recipient trust the sender, and choose a longer interval so that fewer similar mails are sent.',
  zh: '服务商认为邮件是垃圾邮件或违反其策略：请收件人将发件人加入白名单，并加长通知间隔以减少相似邮件。',
};
/** Port 25. */
export const CLOSED_PORT: Bilingual = {
  en: 'Port 25 is closed on Alibaba Cloud and would show the password: use port 465 (or 587) in emailSendServer.',
  zh: '阿里云封禁了 25 端口，且明文发信会泄露密码：请在 emailSendServer 中使用 465（或 587）端口。',
};
/** A server that must not be reached. */
export const PRIVATE_SERVER: Bilingual = {
  en: 'The mail server is in a private network: use a public one, or let the operator of this system allow that network.',
  zh: '邮件服务器位于内部网络：请使用公网服务器，或请本系统的管理员放行该网络。',
};
/** A certificate that is not valid. */
export const CERTIFICATE: Bilingual = {
  en: 'The TLS certificate of the mail server is not valid for this name: check the name in emailSendServer, or renew the certificate.',
  zh: '邮件服务器的 TLS 证书对该名称无效：请检查 emailSendServer 中的主机名，或更新证书。',
};
/** Another protocol than expected at this port. */
export const WRONG_PORT: Bilingual = {
  en: 'TLS could not begin: 465 means TLS from the first byte, 587 means STARTTLS. Check the port in emailSendServer.',
  zh: '无法建立 TLS：465 端口从第一个字节起就是 TLS，587 端口使用 STARTTLS。请检查 emailSendServer 的端口。',
};
/** No connection. */
export const UNREACHED: Bilingual = {
  en: 'The mail server was not reached, or ended the connection; it is tried up to ten times. Check server and port in emailSendServer when this goes on.',
  zh: '无法连接邮件服务器或连接被其中断，系统最多尝试十次；如持续出现，请检查 emailSendServer 的主机和端口。',
};
/** A name that does not resolve. */
export const UNKNOWN_HOST: Bilingual = {
  en: 'The name of the mail server does not resolve: check its spelling in emailSendServer.',
  zh: '邮件服务器域名无法解析：请检查 emailSendServer 的拼写。',
};
/** An answer that is no SMTP. */
export const ODD_ANSWER: Bilingual = {
  en: 'The answer is not that of a mail server; it is tried up to ten times. Check server and port in emailSendServer when this goes on.',
  zh: '应答不像邮件服务器，系统最多尝试十次；如持续出现，请检查 emailSendServer 的主机和端口。',
};
/** Too many senders at once. */
export const BUSY: Bilingual = {
  en: 'Too many different senders are at work at the same time; it is tried again by itself.',
  zh: '同时工作的发信账号过多，系统会自动重试。',
};
/** More recipients than one mail may have. */
export const TOO_MANY_RECIPIENTS: Bilingual = {
  en: 'Too many recipients in one mail: use fewer.',
  zh: '一封邮件的收件人过多：请减少收件人。',
};
/** Something that only a fault of ours can cause. */
export const OWN_FAULT: Bilingual = {
  en: 'The mail could not be composed: this is a fault of the sender, please report it with this record.',
  zh: '邮件无法生成：这是发送程序的问题，请附上本记录反馈。',
};
/** An answer that nobody knows. */
export const UNKNOWN_ANSWER: Bilingual = {
  en: 'The mail server answered with something that is not known here: look at its words, and ask its operator.',
  zh: '邮件服务器返回了未知的应答：请查看其原文并联系邮箱服务商。',
};

/** 535 after the sender had worked until then; times in the zone of the recipient. */
export const expiredSince = (until: Bilingual): Bilingual => ({
  en: `The authorization code has probably expired or was revoked: it worked until ${until.en}. Create a new one in the settings of the mailbox and enter it as emailPassword.`,
  zh: `授权码很可能已过期或被撤销：最后一次成功在 ${until.zh}。请在邮箱设置中重新生成授权码并填入 emailPassword。`,
});
