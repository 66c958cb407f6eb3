import { type Outcome, refusedUnsent } from '../../domain/outcome.ts';

/** The number cannot be dialled; no setting but another number helps. */
export const BAD_NUMBER: Outcome = refusedUnsent('bad-number', 'format', {
  en: 'This is no phone number that a text message can be sent to: write +86 and 11 digits, or + and the country code for other countries.',
  zh: '这不是可以接收短信的手机号码：内地号码请写 +86 加 11 位数字，其他国家或地区请写 + 加区号和号码。',
});

/** The settings say nothing about text messages. */
export const NO_SETTINGS: Outcome = refusedUnsent('no-sms-settings', 'other', {
  en: 'The settings have no signature and template for text messages: add sms: { signName, templateCode }.',
  zh: '配置中没有短信签名和模板：请添加 sms: { signName, templateCode }。',
});

/** A number abroad, and no sender for it. */
export const NO_SENDER: Outcome = refusedUnsent('no-international-sender', 'other', {
  en: 'The number is outside of the mainland and the settings name no sender for such numbers: add sms: { international: { from } }.',
  zh: '该号码不是内地号码，而配置中没有国际短信的发送方标识：请添加 sms: { international: { from } }。',
});

/** A sender that the service would not take. */
export const BAD_SENDER: Outcome = refusedUnsent('bad-international-sender', 'format', {
  en: 'The sender for numbers abroad must be up to 11 letters and digits, or up to 15 digits: correct sms.international.from.',
  zh: '国际短信的发送方标识最多 11 位字母数字，或最多 15 位数字：请修改 sms.international.from。',
});
