import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailboxOf, submissionServerOf } from '../../shared/channels/email/config.ts';

const serverFor = (user: string, server?: string) =>
  submissionServerOf({ user, ...(server === undefined ? {} : { server }) });

describe('the mail server of a resource instance', () => {
  it.each([
    ['alert@qq.com', 'smtp.qq.com', 465],
    ['alert@vip.qq.com', 'smtp.qq.com', 465],
    ['alert@foxmail.com', 'smtp.qq.com', 465],
    ['alert@163.com', 'smtp.163.com', 465],
    ['alert@126.com', 'smtp.126.com', 465],
    ['alert@yeah.net', 'smtp.yeah.net', 465],
    ['alert@gmail.com', 'smtp.gmail.com', 465],
    ['alert@googlemail.com', 'smtp.gmail.com', 465],
    ['alert@aliyun.com', 'smtp.aliyun.com', 465],
    ['alert@exmail.qq.com', 'smtp.exmail.qq.com', 465],
    ['alert@mxhichina.com', 'smtp.qiye.aliyun.com', 465],
    ['alert@feishu.cn', 'smtp.feishu.cn', 465],
    ['alert@outlook.com', 'smtp-mail.outlook.com', 587],
    ['Alert@QQ.COM', 'smtp.qq.com', 465],
  ])('is told from %s', (user, host, port) => {
    expect(serverFor(user)).toEqual({ host, port, implicitTls: port === 465 });
  });

  it.each([
    ['smtp.example.com', 'smtp.example.com', 465, true],
    ['smtp.example.com:994', 'smtp.example.com', 994, true],
    ['SMTP.Example.com:587', 'smtp.example.com', 587, false],
    ['smtp.office365.com', 'smtp.office365.com', 587, false],
    ['smtp-mail.outlook.com', 'smtp-mail.outlook.com', 587, false],
    ['smtp.office365.com:465', 'smtp.office365.com', 465, true],
    ['203.0.113.9:465', '203.0.113.9', 465, true],
    ['[2001:db8::25]:587', '2001:db8::25', 587, false],
    ['[2001:db8::25]', '2001:db8::25', 465, true],
    ['2001:db8::25', '2001:db8::25', 465, true],
    [' smtp.example.com ', 'smtp.example.com', 465, true],
  ])('may be given as %j', (server, ...[host, port, implicitTls]) => {
    expect(serverFor('alert@example.com', server)).toEqual({ host, port, implicitTls });
  });

  it.each(['smtp.example.com:25', '203.0.113.9:25', '[2001:db8::25]:25'])(
    'is refused at %s, with the reason',
    (server) => {
      const problem = serverFor('alert@example.com', server);
      expect(problem).toMatchObject({ code: 'closed-port' });
      expect(JSON.stringify(problem)).toContain('465');
    },
  );

  it.each([
    'smtp.example.com:',
    'smtp.example.com:0',
    'smtp.example.com:65536',
    'smtp.example.com:ssl',
    'smtp.example.com:465:465',
    'https://smtp.example.com',
    'smtp example com',
    '[smtp.example.com]:465',
    '[]',
    ':465',
    'smtp.example.com/..',
    'user@smtp.example.com',
    '-bad-.example.com',
  ])('is no server: %j', (server) => {
    expect(serverFor('alert@example.com', server)).toMatchObject({ code: 'bad-server' });
  });

  it('cannot be told from the domain of a company: the fix names what to enter', () => {
    const named = /company\.example.*emailSendServer.*smtp\.exmail\.qq\.com:465.*smtp\.qiye\.aliyun\.com:465/;
    for (const server of [undefined, '', '  ']) {
      expect(serverFor('alert@company.example', server)).toMatchObject({
        code: 'unknown-server',
        fix: { en: expect.stringMatching(named), zh: expect.stringMatching(named) },
      });
    }
  });

  it('needs a sender that is one mail address', () => {
    for (const user of ['', 'alert', 'a@b@c.example', 'a@163.com,b@163.com'])
      expect(serverFor(user, 'smtp.163.com')).toMatchObject({ code: 'bad-sender' });
  });
});

describe('a mailbox', () => {
  it.each([
    ['reader@example.com', 'reader@example.com'],
    [' reader@example.com ', 'reader@example.com'],
    ['Reader.Name+tag@Example.COM', 'Reader.Name+tag@example.com'],
    ["o'neil@example.com", "o'neil@example.com"],
    ['ops@例子.测试', 'ops@xn--fsqu00a.xn--0zwm56d'],
  ])('%j is %s', (text, address) => {
    expect(mailboxOf(text)?.address).toBe(address);
  });

  it('is one plain address or nothing, whatever the text is', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', '@', '.', ',', '<', '>', '"', ' ', '\r', '\n', '-', '例', ';', '(', ':', '\\'),
    });
    fc.assert(
      fc.property(part, part, (left, right) => {
        const mailbox = mailboxOf(`${left}@${right}`);
        if (mailbox === undefined) return;
        expect(mailbox.address).toMatch(/^[A-Za-z0-9.-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
