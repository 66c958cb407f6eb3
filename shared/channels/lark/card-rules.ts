import { type ReplyRule, refused } from '../reply-rule.ts';

/** What is wrong with a card, by sub-code. Source: open.feishu.cn, im-v1/message/create, and the list of card errors. */
export const CARD_RULES: readonly ReplyRule[] = [
  refused({
    codes: ['100290'],
    cause: 'format',
    fix: {
      en: 'A person who should be mentioned is not known to the group: enter the open_id or user_id of a member; phone numbers do not work.',
      zh: '要 @ 的成员 ID 无效：请填写群成员的 open_id 或 user_id，手机号不可用。',
    },
  }),
  refused({
    codes: ['11310'],
    cause: 'size',
    fix: {
      en: 'The card has too many elements or tables: this is a fault of the sender, please report it with this record.',
      zh: '卡片的元素或表格过多：这是发送程序的问题，请附上本记录反馈。',
    },
  }),
  refused({
    codes: ['200380', '200381'],
    cause: 'format',
    fix: {
      en: 'The card template does not exist, or not in this version: check its id and version with the provider.',
      zh: '卡片模板不存在或版本不可用：请在飞书核对模板 ID 和版本。',
    },
  }),
  refused({
    codes: ['200550', '200570', '200621', '200732', '200737', '200861', '200914', '200915', '11246', '230099'],
    cause: 'format',
    fix: {
      en: 'The provider could not build the card; the message was sent in a simpler form and that was refused as well. Please report it with this record.',
      zh: '飞书无法生成卡片；改用更简单的形式发送后仍被拒绝。请附上本记录反馈。',
    },
  }),
];
