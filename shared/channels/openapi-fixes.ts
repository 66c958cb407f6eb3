/** What to do about refusals that SMS and voice share. */
export const FIXES = {
  slowDown: {
    en: 'This number got too many messages or calls: what waits is merged and sent when the pause is over. Choose a longer interval.',
    zh: '该号码收到的短信或电话过多：等待中的通知会合并，暂停结束后发送；请加长通知间隔。',
  },
  topUp: { en: 'The account has no balance left: top it up.', zh: '账户余额不足或已停机：请充值。' },
  checkAccount: {
    en: 'The account does not exist or is not in order: check which account the AccessKey belongs to.',
    zh: '账号不存在或状态异常：请确认 AccessKey 所属的账号。',
  },
  checkNumber: {
    en: 'The service does not take this phone number: correct it in the settings.',
    zh: '号码格式不正确：请在配置中修改。',
  },
  oneNumber: {
    en: 'Too many numbers in one call: enter one number a contact.',
    zh: '一次发送的号码过多：每个联系人只填一个号码。',
  },
  blocked: {
    en: 'The number or the content is on a block list of the service: use another channel for this contact.',
    zh: '号码或内容在服务的黑名单中：请为该联系人改用其他渠道。',
  },
  fault: {
    en: 'The service has a fault; it is tried once more. Look at the sending records of the console when this goes on.',
    zh: '服务异常，系统会再试一次；如持续出现，请查看控制台的发送记录。',
  },
} as const;
