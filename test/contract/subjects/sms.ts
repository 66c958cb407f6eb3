import { sms } from '../../../shared/channels/sms/index.ts';
import { SMS_ABROAD_REPLIES, SMS_REPLIES } from '../../fixtures/providers/openapi-replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import { openOpenApiRig, parameterOf, variablesIn } from '../openapi-rig.ts';

const answer = (body: object, status = 200) => ({ status, body: JSON.stringify(body) });

const BAD_NUMBERS = ['', 'a number', '+86', '10086', '+8610086', '+862112345678', '5551234567', '+138000000000000000'];

const sayings =
  (codeField: string, code: string) =>
  (words: string): { status: number; body: string }[] => [
    answer({ [codeField]: code, Message: `${words} invalid mobile number` }),
    answer({ Code: 'SignatureDoesNotMatch', Message: words, RequestId: words }, 400),
    answer({ Code: words.slice(0, 64), Message: words }, 400),
    { status: 500, body: words },
  ];

/** Numbers of the mainland, over SendSms. */
export const SMS: ChannelUnderTest = {
  channel: sms,
  open: () => openOpenApiRig({ channel: 'sms', number: '+8613800000000' }),
  success: answer({ Code: 'OK', Message: 'OK', BizId: '1^0', RequestId: 'A' }),
  replies: SMS_REPLIES,
  unknown: [
    answer({}),
    answer({ Message: 'OK' }),
    answer({ Code: 'ok' }),
    answer({ Code: 'isv.NEVER_HEARD_OF' }),
    answer({ Code: 'OK' }, 500),
    { body: '[]' },
    { body: '"OK"' },
  ],
  garbage: (body) => ({ body }),
  saying: sayings('Code', 'isv.MOBILE_NUMBER_ILLEGAL'),
  textOf: (seen) => variablesIn(seen, 'TemplateParam').join('\n'),
  size: { max: 35, measure: (seen) => Math.max(...variablesIn(seen, 'TemplateParam').map((text) => text.length)) },
  idempotencyKeyOf: 'none',
  keywords: 'none',
  address: 'none',
  badAddresses: BAD_NUMBERS,
  unanswered: 'never',
};

/** All other numbers, over SendMessageToGlobe. */
export const SMS_ABROAD: ChannelUnderTest = {
  ...SMS,
  channel: { ...sms, name: 'sms abroad' },
  open: () => openOpenApiRig({ channel: 'sms', number: '+85291234567' }),
  success: answer({ ResponseCode: 'OK', ResponseDescription: 'OK', MessageId: '1', RequestId: 'A' }),
  replies: SMS_ABROAD_REPLIES,
  unknown: [
    answer({}),
    answer({ Code: 'OK' }),
    answer({ ResponseCode: 'NEVER_HEARD_OF' }),
    answer({ ResponseCode: 'OK' }, 503),
  ],
  saying: sayings('ResponseCode', 'MOBILE_NUMBER_ILLEGAL'),
  textOf: (seen) => parameterOf(seen, 'Message'),
  size: { max: 150, measure: (seen) => parameterOf(seen, 'Message').length },
};
