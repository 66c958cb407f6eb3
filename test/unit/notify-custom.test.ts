import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUSTOM_FIELDS } from '../../shared/domain/notify-custom-input.ts';
import { planCustom } from '../../shared/domain/notify-custom-plan.ts';
import type { NotifyFields } from '../../shared/domain/notify-values.ts';
import {
  expression,
  LARK_URL,
  NOTIFY_SETTINGS,
  notifyBook,
  OTHER_ROBOT_URL,
  ROBOT_URL,
} from '../support/notify-book.ts';

const book = notifyBook();

/** What a plan comes to, in a form that fits a line: who is told by which channel, or which problems there are. */
const sumOf = (fields: NotifyFields, assetUuid?: unknown, known = book): string[] => {
  const plan = planCustom(fields, assetUuid, known);
  if (plan.problems.length > 0) return plan.problems.map(({ code, field }) => `!${code} ${field}`);
  return plan.errands.map(({ target, receiver }) => `${target.channel} ${receiver}`);
};

const MAIL = { emailTitle: 'Hello', emailcontext: 'World' };
const A = 'email a@example.com';
const B = 'email b@example.com';
const ROBOT = 'dingtalk robot 10651';
const UNNAMED = 'dingtalk robot at oapi.dingtalk.com';
const TEXT = { dingdingcontext: 'Hello' };
const CARD = { title: 't', text: 'x', singleTitle: 'Open', singleURL: 'https://example.com/1' };

const SHAPES: readonly [string, NotifyFields, readonly string[]][] = [
  // The sample of the vendor's page.
  [
    'email as the number 1 and receivers as JSON text of objects',
    { email: 1, receivers: '[{"userid":-1,"email":"xxx@163.com"}]', emailTitle: 'T', emailcontext: 'C' },
    ['email xxx@163.com'],
  ],
  ['email as the text "1"', { ...MAIL, email: '1', receivers: 'a@example.com' }, [A]],
  ['email as true', { ...MAIL, email: true, receivers: 'a@example.com' }, [A]],
  ['no email switch but a title', { emailTitle: 'T', receivers: 'a@example.com' }, [A]],
  ['email as the address of a sender', { ...MAIL, email: 'second@163.com', receivers: 'a@example.com' }, [A]],
  ['email as the name of an instance', { ...MAIL, email: 'mail-out', receivers: 'a@example.com' }, [A]],
  ['email as an empty text is absent', { ...MAIL, email: '', receivers: 'a@example.com' }, [A]],
  ['email as null is absent', { ...MAIL, email: null, receivers: 'a@example.com' }, [A]],
  ['email as 0 asks for no mail', { ...MAIL, email: 0, receivers: 'a@example.com' }, ['!nothing-asked email']],
  [
    'email as "false" asks for no mail',
    { ...MAIL, email: 'false', receivers: 'a@example.com' },
    ['!nothing-asked email'],
  ],
  [
    'email as a stranger',
    { ...MAIL, email: 'x@qq.com', receivers: 'a@example.com' },
    ['!unknown-resource-instance email'],
  ],
  ['receivers with commas', { ...MAIL, receivers: 'a@example.com, b@example.com' }, [A, B]],
  ['receivers with semicolons and Chinese commas', { ...MAIL, receivers: 'a@example.com；b@example.com' }, [A, B]],
  ['receivers with spaces', { ...MAIL, receivers: 'a@example.com b@example.com' }, [A, B]],
  ['receivers as a list of texts', { ...MAIL, receivers: ['a@example.com', 'b@example.com'] }, [A, B]],
  ['receivers as JSON text of texts', { ...MAIL, receivers: '["a@example.com","b@example.com"]' }, [A, B]],
  [
    'receivers as a list of objects',
    { ...MAIL, receivers: [{ email: 'a@example.com' }, { mail: 'b@example.com' }] },
    [A, B],
  ],
  ['receivers as one object', { ...MAIL, receivers: { userid: -1, email: 'a@example.com' } }, [A]],
  ['receivers as JSON text of one object', { ...MAIL, receivers: '{"email":"a@example.com"}' }, [A]],
  [
    'receivers as objects and texts mixed',
    { ...MAIL, receivers: [{ email: 'a@example.com' }, 'b@example.com'] },
    [A, B],
  ],
  ['receivers as the name of a contact', { ...MAIL, receivers: 'ops-lead' }, ['email ops-lead@example.com']],
  ['receivers as a contact by userid', { ...MAIL, receivers: [{ userid: 'night' }] }, ['email night@example.com']],
  [
    'the same receiver twice is told once',
    { ...MAIL, receivers: 'a@example.com,a@EXAMPLE.com' },
    ['email a@EXAMPLE.com'],
  ],
  [
    'receivers that are no address',
    { ...MAIL, receivers: ['a@example.com', 'nobody'] },
    ['!bad-receiver receivers[1]'],
  ],
  ['a user that nobody knows', { ...MAIL, receivers: [{ userid: 42 }] }, ['!bad-receiver receivers']],
  [
    'an address with a second one hidden in it',
    { ...MAIL, receivers: [{ email: 'a@x.com\r\nRCPT TO:<e@x.com>' }] },
    ['!bad-receiver receivers'],
  ],
  ['receivers as an empty list', { ...MAIL, receivers: '[]' }, ['!missing-parameter receivers']],
  ['a mail without a word', { email: 1, receivers: 'a@example.com' }, ['!missing-parameter emailTitle']],
  ['a title that is a number', { emailTitle: 42, receivers: 'a@example.com' }, [A]],
  ['a robot by its id', { ...TEXT, dingdingWebhooks: '10651' }, [ROBOT]],
  ['a robot by its id as a number', { ...TEXT, dingdingWebhooks: 10651 }, [ROBOT]],
  ['robots as JSON text of ids', { ...TEXT, dingdingWebhooks: '["10651"]' }, [ROBOT]],
  ['robots as JSON text of numbers', { ...TEXT, dingdingWebhooks: '[10651]' }, [ROBOT]],
  ['a robot by its URL', { ...TEXT, dingdingWebhooks: OTHER_ROBOT_URL }, [UNNAMED]],
  ['a URL that the settings know is called by its id', { ...TEXT, dingdingWebhooks: ROBOT_URL }, [ROBOT]],
  ['a URL and an id of the same robot', { ...TEXT, dingdingWebhooks: [ROBOT_URL, '10651'] }, [ROBOT]],
  ['a URL with a stale signature', { ...TEXT, dingdingWebhooks: `${ROBOT_URL}&timestamp=1&sign=x` }, [ROBOT]],
  [
    'robots as objects',
    { ...TEXT, dingdingWebhooks: [{ id: 10651 }, { url: OTHER_ROBOT_URL, secret: 'SECx' }] },
    [ROBOT, UNNAMED],
  ],
  ['dingding as a switch', { ...TEXT, dingding: 1, dingdingWebhooks: '10651' }, [ROBOT]],
  ['dingding as the robot itself', { ...TEXT, dingding: '10651' }, [ROBOT]],
  [
    'dingding switched off',
    { ...MAIL, ...TEXT, dingding: 0, dingdingWebhooks: '10651', receivers: 'a@example.com' },
    [A],
  ],
  ['a robot that is not there', { ...TEXT, dingdingWebhooks: '10652' }, ['!unknown-robot dingdingWebhooks']],
  ['a URL that is no robot', { ...TEXT, dingdingWebhooks: 'https://example.com/x' }, ['!not-a-robot dingdingWebhooks']],
  ['a robot of another maker', { ...TEXT, dingdingWebhooks: LARK_URL }, ['lark contact night']],
  ['a robot without words', { dingdingWebhooks: '10651' }, ['!missing-parameter dingdingcontext']],
  ['words without a robot', { ...TEXT }, ['!missing-parameter dingdingWebhooks']],
  ['text as plain words', { dingdingWebhooks: '10651', dingdingMsgType: 'text', dingdingcontext: 'Hi' }, [ROBOT]],
  [
    'text as the whole body',
    { dingdingWebhooks: '10651', dingdingcontext: '{"msgtype":"text","text":{"content":"Hi"}}' },
    [ROBOT],
  ],
  [
    'text as an object',
    { dingdingWebhooks: '10651', dingdingMsgType: 'TEXT', dingdingcontext: { content: 'Hi' } },
    [ROBOT],
  ],
  [
    'markdown as plain words',
    { dingdingWebhooks: '10651', dingdingMsgType: 'markdown', dingdingcontext: '# Hi\nyou' },
    [ROBOT],
  ],
  [
    'markdown as its payload',
    { dingdingWebhooks: '10651', dingdingMsgType: 'markdown', dingdingcontext: '{"title":"t","text":"x"}' },
    [ROBOT],
  ],
  [
    'markdown without a title',
    { dingdingWebhooks: '10651', dingdingMsgType: 'markdown', dingdingcontext: '{"text":"x"}' },
    ['!bad-robot-message dingdingcontext'],
  ],
  [
    'a card with one button',
    { dingdingWebhooks: '10651', dingdingMsgType: 'actionCard', dingdingcontext: CARD },
    [ROBOT],
  ],
  [
    'a card with buttons',
    {
      dingdingWebhooks: '10651',
      dingdingMsgType: 'actioncard',
      dingdingcontext: { title: 't', text: 'x', btns: [{ title: 'A', actionURL: 'https://example.com' }] },
    },
    [ROBOT],
  ],
  [
    'a card without a button',
    { dingdingWebhooks: '10651', dingdingMsgType: 'actionCard', dingdingcontext: 'Hi' },
    ['!bad-robot-message dingdingcontext'],
  ],
  [
    'a type that does not exist',
    { ...TEXT, dingdingWebhooks: '10651', dingdingMsgType: 'feedCard' },
    ['!bad-value dingdingMsgType'],
  ],
  [
    'a type that differs from the body',
    {
      dingdingWebhooks: '10651',
      dingdingMsgType: 'markdown',
      dingdingcontext: '{"msgtype":"text","text":{"content":"x"}}',
    },
    ['!bad-robot-message dingdingcontext'],
  ],
  ['telephone as a number is a text message', { telephone: '13800000001', telephonecontext: 'Hi' }, ['sms …0001']],
  ['telephone as a JavaScript number', { telephone: 13800000001, smscontext: 'Hi' }, ['sms …0001']],
  [
    'telephone as several numbers',
    { telephone: '13800000001,+1 202 555 0100', telephonecontext: 'Hi' },
    ['sms …0001', 'sms …0100'],
  ],
  [
    'telephone as a list',
    { telephone: ['13800000001', 13800000002], telephonecontext: 'Hi' },
    ['sms …0001', 'sms …0002'],
  ],
  [
    'telephone as a switch is a call',
    { telephone: 1, telephonecontext: 'Hi', receivers: '13800000001' },
    ['voice …0001'],
  ],
  ['sms as a switch', { sms: 1, smscontext: 'Hi', receivers: [{ phone: '13800000001' }] }, ['sms …0001']],
  ['sms as the number', { sms: '13800000001', smscontext: 'Hi' }, ['sms …0001']],
  [
    'sms as the configuration of the sender',
    { sms: '{"signName":"S","templateCode":"SMS_9"}', telephone: '13800000001', smscontext: 'Hi' },
    ['sms …0001'],
  ],
  [
    'both a text message and a call',
    { sms: 1, telephone: 1, smscontext: 'Hi', receivers: 'ops-lead' },
    ['sms …0000', 'voice …0000'],
  ],
  [
    'a number for a text message while those are off',
    { telephone: '13800000001', telephonecontext: 'Hi', sms: 0 },
    ['!contradiction telephone'],
  ],
  ['a text message without words', { sms: 1, receivers: '13800000001' }, ['!missing-parameter smscontext']],
  [
    'customReceiver as objects',
    { ...MAIL, customReceiver: '[{"email":"a@example.com"},{"email":"b@example.com"}]' },
    [A, B],
  ],
  ['customReceiver with a robot', { ...TEXT, customReceiver: [{ dingtalk: '10651' }] }, [ROBOT]],
  ['customReceiver beside receivers', { ...MAIL, receivers: 'a@example.com', customReceiver: 'b@example.com' }, [A, B]],
  [
    'somebody whom no channel reaches',
    { ...MAIL, receivers: [{ email: 'a@example.com' }, { phone: '13800000001' }] },
    ['!unreached-receiver receivers[1]'],
  ],
  ['jsonInput as text', { jsonInput: '{"receivers":"a@example.com","emailTitle":"T"}' }, [A]],
  ['jsonInput as an object', { jsonInput: { receivers: 'a@example.com', emailTitle: 'T' } }, [A]],
  [
    'what stands beside jsonInput counts before it',
    { receivers: 'b@example.com', jsonInput: { receivers: 'a@example.com', emailTitle: 'T' } },
    [B],
  ],
  [
    'an empty parameter beside jsonInput does not',
    { receivers: '', jsonInput: { receivers: 'a@example.com', emailTitle: 'T' } },
    [A],
  ],
  ['jsonInput that is no JSON', { jsonInput: '{receivers}' }, ['!not-json jsonInput']],
  ['names in any case', { RECEIVERS: 'a@example.com', emailtitle: 'T' }, [A]],
  ['several channels at once', { ...MAIL, ...TEXT, receivers: 'a@example.com', dingdingWebhooks: '10651' }, [A, ROBOT]],
  [
    'an expression that nobody replaced',
    { ...MAIL, receivers: expression('event.owner') },
    ['!unreplaced-expression receivers'],
  ],
  [
    'an expression deep inside',
    { ...MAIL, receivers: [{ email: 'a@example.com' }], dingdingcontext: { text: expression('x.y') } },
    ['!unreplaced-expression dingdingcontext'],
  ],
  ['nothing at all', {}, ['!nothing-asked email']],
  ['fourteen empty parameters', Object.fromEntries(CUSTOM_FIELDS.map((name) => [name, ''])), ['!nothing-asked email']],
];

describe('notifyByCustom', () => {
  it.each(SHAPES)('reads %s', (_, fields, expected) => {
    expect(sumOf(fields)).toEqual(expected);
  });

  it('knows at least forty shapes and the fourteen fields of the page', () => {
    expect(SHAPES.length).toBeGreaterThanOrEqual(40);
    expect(CUSTOM_FIELDS).toHaveLength(14);
    const used = new Set(SHAPES.flatMap(([, fields]) => Object.keys(fields)));
    expect(CUSTOM_FIELDS.filter((name) => !used.has(name))).toEqual([]);
  });

  const senderOf = (fields: NotifyFields, assetUuid?: unknown) => {
    const plan = planCustom({ ...MAIL, receivers: 'a@example.com', ...fields }, assetUuid, book);
    return { name: plan.errands[0]?.target.smtp?.name, remarks: plan.remarks.map(({ en }) => en) };
  };

  it('sends by the instance that is named, else by that of the node, else by the first, and says that it chose', () => {
    expect(senderOf({ email: 'second@163.com' }, 'mail-out')).toEqual({ name: 'second', remarks: [] });
    expect(senderOf({ email: 1 }, 'uuid-2')).toEqual({ name: 'second', remarks: [] });
    expect(senderOf({ email: 1 }, 'second')).toEqual({ name: 'second', remarks: [] });
    expect(senderOf({ email: 1 })).toEqual({ name: 'mail-out', remarks: [] });
    const chosen = senderOf({ email: 1 }, 'acde2ae8-8b01-4bec-97c4-44ba6c9ba457');
    expect(chosen).toMatchObject({ name: 'mail-out', remarks: [expect.stringContaining('is not known here')] });
  });

  it('says that there is nothing to send mail with', () => {
    const without = notifyBook({ ...NOTIFY_SETTINGS, resourceInstances: [] });
    expect(sumOf({ ...MAIL, receivers: 'a@example.com' }, undefined, without)).toEqual(['!no-resource-instance email']);
  });

  it('remarks on parameters that nobody knows, and sends all the same', () => {
    const plan = planCustom(
      { ...MAIL, receivers: 'a@example.com', priority: 1, jsonInput: { cc: 'x' } },
      undefined,
      book,
    );
    expect(plan.errands).toHaveLength(1);
    expect(plan.remarks[0]?.en).toContain('priority, jsonInput.cc');
  });

  it('remarks that a text message shows a part only', () => {
    const plan = planCustom({ telephone: '13800000001', smscontext: 'x'.repeat(36) }, undefined, book);
    expect(plan.errands[0]?.remark?.zh).toContain('35');
    expect(
      planCustom({ telephone: '13800000001', smscontext: 'x'.repeat(35) }, undefined, book).errands[0]?.remark,
    ).toBeUndefined();
  });

  it('sends no more than a hundred messages at once', () => {
    const receivers = Array.from({ length: 101 }, (_, at) => `a${at}@example.com`);
    expect(sumOf({ ...MAIL, receivers })).toEqual(['!too-many-receivers receivers']);
  });

  it('tells every problem in both languages, and shows no address of a robot and no whole number in it', () => {
    const secret = 'https://example.com/hook/very-secret-token';
    for (const fields of [
      ...SHAPES.map(([, one]) => one),
      { ...TEXT, dingdingWebhooks: secret },
      { ...MAIL, receivers: secret },
    ])
      for (const { text } of planCustom(fields, undefined, book).problems) {
        expect(text.en.length * text.zh.length).toBeGreaterThan(0);
        expect(text.zh).toMatch(/\p{Script=Han}/u);
        expect(`${text.en}${text.zh}`).not.toMatch(/very-secret|invented-token|13800000001/);
      }
  });

  it('never throws, and never plans a message beside a problem, whatever it is given', () => {
    const value = fc.oneof(
      fc.anything(),
      fc.constantFrom(
        1,
        '1',
        '10651',
        ROBOT_URL,
        'a@example.com',
        '[{"email":"a@example.com"}]',
        expression('a.b'),
        '{"a":',
        '13800000001',
      ),
    );
    const fields = fc.dictionary(fc.constantFrom(...CUSTOM_FIELDS), value);
    fc.assert(
      fc.property(fields, (given) => {
        const plan = planCustom(given, undefined, book);
        expect(plan.problems.length === 0).toBe(plan.errands.length > 0);
      }),
      { numRuns: 2_000 },
    );
  });
});
