import { describe, expect, it } from 'vitest';
import { robotAddressOf } from '../../shared/channels/dingtalk/config.ts';
import { dingtalk } from '../../shared/channels/dingtalk/index.ts';
import { attemptUrl, robotSignature } from '../../shared/channels/dingtalk/sign.ts';
import type { HttpClient } from '../../shared/ports/http-client.ts';
import { aNotice, aTarget } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';

const VECTORS = [
  [
    1577262236757,
    'this is secret',
    'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=',
    'hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D',
  ],
  [
    1700000000000,
    `SEC${'0'.repeat(64)}`,
    '+8WOOUUcTkFRyfCevQaISh9EUbkxaatnd6MLtL7dAY8=',
    '%2B8WOOUUcTkFRyfCevQaISh9EUbkxaatnd6MLtL7dAY8%3D',
  ],
  [
    1763630000123,
    `SEC${'abcdef'.repeat(10)}abcd`,
    'oNVLK2MyhWZw/x3V49BzoOk6cw4hHg/0zY25LigSFwU=',
    'oNVLK2MyhWZw%2Fx3V49BzoOk6cw4hHg%2F0zY25LigSFwU%3D',
  ],
  [
    1763630000123,
    'SEC密钥-utf8',
    'Hm0R4EEQsvXETveGrx+8VaHVj1JXvdBRw3IIJDelf9Q=',
    'Hm0R4EEQsvXETveGrx%2B8VaHVj1JXvdBRw3IIJDelf9Q%3D',
  ],
  [0, 'x', '/3gNf6REdSs1pywiI9IgS1JnwkeEMUGjUyXTj0F+yyo=', '%2F3gNf6REdSs1pywiI9IgS1JnwkeEMUGjUyXTj0F%2Byyo%3D'],
] as const;

const PASTED = 'http://oapi.dingtalk.com/robot/send?access_token=tok1&timestamp=1&sign=old';

describe('robot signature', () => {
  it.each(VECTORS)('at %d', (...vector) => {
    const [timestampMs, secret, base64, encoded] = vector;
    expect(robotSignature(secret, timestampMs)).toBe(base64);
    const url = attemptUrl(robotAddressOf(PASTED)!, secret, timestampMs);
    expect(url).toBe(`https://oapi.dingtalk.com/robot/send?access_token=tok1&timestamp=${timestampMs}&sign=${encoded}`);
    expect(url).not.toMatch(/%25(2B|3D|2F)/);
  });

  it('is made anew for each attempt with the injected clock, and only for robots with a secret', async () => {
    const urls: string[] = [];
    const http: HttpClient = {
      send: async ({ url }) => {
        urls.push(url);
        return { status: 200, headers: {}, body: '{"errcode":0}' };
      },
    };
    for (const nowMs of [1_000, 2_000]) {
      await dingtalk.send(
        aNotice(),
        aTarget({ address: PASTED, secret: 'SECxyz' }),
        channelPorts({ http, clock: { nowMs: () => nowMs } }),
      );
    }
    await dingtalk.send(aNotice(), aTarget({ address: PASTED }), channelPorts({ http, clock: { nowMs: () => 3_000 } }));
    expect(urls.map((url) => new URL(url).searchParams.get('timestamp'))).toEqual(['1000', '2000', null]);
    expect(new Set(urls.map((url) => new URL(url).searchParams.get('sign'))).size).toBe(3);
  });
});

describe('robot address', () => {
  it('loses what belongs to a single request and speaks https to the vendor', () => {
    expect(robotAddressOf(`  ${PASTED} `)!.url.href).toBe('https://oapi.dingtalk.com/robot/send?access_token=tok1');
  });

  it.each(['oapi.dingtalk.com/robot/send', 'ftp://oapi.dingtalk.com', ''])('is none in "%s"', (text) => {
    expect(robotAddressOf(text)).toBeUndefined();
  });
});
