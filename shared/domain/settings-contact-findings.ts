import { mailboxOf, readPhone } from './roster-addresses.ts';
import type { Contact, Method, Settings } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';

const FIELDS = { email: 'email', sms: 'phone', voice: 'phone', inbox: 'inbox', webhook: 'webhook' } as const;

/** Whether a contact has an address for a method. */
export const hasAddress = (contact: Contact, method: Method): boolean => contact[FIELDS[method]] !== undefined;

/** Whether the file has what messages of a method are sent with. */
export const canSend = ({ resourceInstances = [], sms, voice }: Settings, method: Method): boolean => {
  if (method === 'email') return resourceInstances.length > 0;
  if (method === 'sms') return sms !== undefined;
  return method !== 'voice' || voice !== undefined;
};

interface Place {
  settings: Settings;
  deployed: ReadonlySet<string> | undefined;
  path: string;
}

const addressless = (contact: Contact, { path }: Place): SettingsFinding[] => {
  if (Object.values(FIELDS).some((field) => contact[field] !== undefined)) return [];
  return [
    finding(
      { code: 'contact-without-address', severity: 'error', path },
      [
        'has no address',
        'nothing can be sent to this contact',
        'give it a webhook, email, phone or inbox, or take it out',
      ],
      ['没有任何地址', '无法向该联系人发送消息', '为其填写 webhook、email、phone 或 inbox，或删除该联系人'],
    ),
  ];
};

const notDeployed = (contact: Contact, { path, deployed }: Place): SettingsFinding[] =>
  (['sms', 'voice', 'email', 'inbox'] as const)
    .filter((method) => hasAddress(contact, method) && deployed?.has(method) === false)
    .map((method) =>
      finding(
        { code: 'channel-not-deployed', severity: 'error', path: `${path}.${FIELDS[method]}` },
        [
          `the channel ${method} is not deployed`,
          'nothing is sent to this address by it',
          `deploy the function of the channel ${method}`,
        ],
        [`渠道 ${method} 尚未部署`, '不会通过该渠道向此地址发送', `部署渠道 ${method} 的函数`],
      ),
    );

const mailless = (path: string): SettingsFinding =>
  finding(
    { code: 'no-sender', severity: 'error', path: `${path}.email` },
    ['there is no mailbox to send from', 'no mail is sent to this contact', 'add one to resourceInstances'],
    ['没有可用的发件邮箱', '不会向该联系人发送邮件', '在 resourceInstances 中添加发件邮箱'],
  );

const phoneless = (path: string): SettingsFinding =>
  finding(
    { code: 'no-sender', severity: 'error', path: `${path}.phone` },
    [
      'the file has neither sms nor voice',
      'no text message is sent to this contact and nobody calls it',
      'add sms (signature and template), or voice (template)',
    ],
    ['配置中既没有 sms 也没有 voice', '不会向该联系人发送短信或拨打电话', '添加 sms（签名和模板）或 voice（模板）'],
  );

const senderless = (contact: Contact, { path, settings }: Place): SettingsFinding[] => [
  ...(hasAddress(contact, 'email') && !canSend(settings, 'email') ? [mailless(path)] : []),
  ...(hasAddress(contact, 'sms') && !canSend(settings, 'sms') && !canSend(settings, 'voice') ? [phoneless(path)] : []),
];

const phoneFindings = (written: string, { path: contact, settings }: Place): SettingsFinding[] => {
  const path = `${contact}.phone`;
  const { number, isInternational } = readPhone(written);
  const begins = number.slice(0, 3);
  if (!isInternational)
    return [
      finding(
        { code: 'phone-without-country-code', severity: 'error', path },
        [
          'has no country code and is no number of the mainland',
          `it is used as ${begins}…, which is probably another number`,
          'write it with + and the country code',
        ],
        [
          '没有国家或地区代码，也不是中国内地号码',
          `将按 ${begins}… 使用，很可能是别的号码`,
          '写成 + 加国家或地区代码的形式',
        ],
      ),
    ];
  if (number.startsWith('+86') || settings.sms === undefined || settings.sms.international !== undefined) return [];
  return [
    finding(
      { code: 'no-international-sender', severity: 'error', path },
      [
        'is outside of the mainland, and sms has no international sender',
        'text messages to this number are refused',
        'add sms.international',
      ],
      ['不是中国内地号码，而 sms 没有国际发送方', '发往该号码的短信会被拒绝', '添加 sms.international'],
    ),
  ];
};

/** What an order of methods names that is not there, or that leaves nothing to go on to. */
export const orderFindings = (
  path: string,
  order: readonly Method[],
  has: (method: Method) => boolean,
): SettingsFinding[] => {
  if (new Set(order).size < 2)
    return [
      finding(
        { code: 'fallback-without-next', severity: 'warn', path },
        [
          'names one method only',
          'there is nothing to go on to when it fails',
          'add a method, or leave the fallback out',
        ],
        ['只列出了一种方式', '该方式失败后没有后续渠道', '再加一种方式，或去掉 fallback'],
      ),
    ];
  const missing = [...order.entries()].filter(([, method]) => !has(method));
  return missing.map(([at, method]) =>
    finding(
      { code: 'fallback-without-address', severity: 'warn', path: `${path}[${at}]` },
      [`there is no address for ${method}`, 'this step is left out', 'add the address, or take the step out'],
      [`没有 ${method} 的地址`, '这一步会被跳过', '填写地址，或去掉这一步'],
    ),
  );
};

const contactFindings = (contact: Contact, place: Place): SettingsFinding[] => [
  ...addressless(contact, place),
  ...notDeployed(contact, place),
  ...senderless(contact, place),
  ...(contact.phone === undefined ? [] : phoneFindings(contact.phone, place)),
  ...(contact.fallback === undefined
    ? []
    : orderFindings(`${place.path}.fallback.order`, contact.fallback.order, (method) => hasAddress(contact, method))),
];

/** What senders of mail say that cannot work. */
export const sendersFindings = ({ resourceInstances = [] }: Settings): SettingsFinding[] =>
  resourceInstances.flatMap(({ emailSendServer = '' }, at) =>
    emailSendServer.trim().endsWith(':25')
      ? finding(
          { code: 'mail-port-25', severity: 'error', path: `resourceInstances[${at}].emailSendServer` },
          [
            'is port 25, which is not used',
            'Alibaba Cloud closes it, and it would show the password',
            'write port 465, or 587',
          ],
          ['使用了 25 端口，本系统不使用该端口', '阿里云封禁该端口，且会明文暴露密码', '改为 465 或 587 端口'],
        )
      : [],
  );

/** One mailbox is one target, so that its first contact decides who sends to it. */
const otherSenders = (contacts: readonly Contact[]): SettingsFinding[] => {
  const first = new Map<string, number>();
  return contacts.flatMap(({ email, emailFrom }, at) => {
    if (email === undefined) return [];
    const before = first.get(mailboxOf(email));
    if (before === undefined) first.set(mailboxOf(email), at);
    if (before === undefined || contacts[before]?.emailFrom === emailFrom) return [];
    return finding(
      { code: 'second-sender', severity: 'warn', path: `contacts[${at}].emailFrom` },
      [
        `differs from that of contacts[${before}], which has the same mailbox`,
        'all mails to one mailbox have one sender, that of its first contact',
        'name the same sender in both, or take one of the addresses out',
      ],
      [
        `与 contacts[${before}] 的不同，而两者是同一个邮箱`,
        '发往同一邮箱的邮件只有一个发件方，即第一个联系人的',
        '两处填写相同的发件方，或去掉其中一个地址',
      ],
    );
  });
};

/** What contacts say that cannot be done with this file or this deployment. */
export const contactsFindings = (settings: Settings, deployed: ReadonlySet<string> | undefined): SettingsFinding[] => [
  ...(settings.contacts ?? []).flatMap((contact, at) =>
    contactFindings(contact, { settings, deployed, path: `contacts[${at}]` }),
  ),
  ...otherSenders(settings.contacts ?? []),
];
