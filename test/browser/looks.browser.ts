import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { aMergedNotice, aNotice, anEvent } from '../fixtures/providers/notice.ts';
import { keepPicture, launchChromium, openWatched } from './chromium.ts';
import { DING_ALERT, DING_DIGEST, SAMPLE_REQUESTS } from './sample-requests.ts';
import { type SandboxServer, startSandbox } from './sandbox-server.ts';
import { openSenders, type Senders } from './senders.ts';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const LOOKS: readonly [string, string, BrowserContextOptions][] = [
  ['desktop-light-en', 'en', { viewport: DESKTOP, colorScheme: 'light' }],
  ['desktop-dark-zh', 'zh', { viewport: DESKTOP, colorScheme: 'dark' }],
  ['phone-light-zh', 'zh', { viewport: PHONE, colorScheme: 'light', hasTouch: true }],
  ['phone-dark-en', 'en', { viewport: PHONE, colorScheme: 'dark', hasTouch: true }],
];

/** Every fake provider, and what its place must show of the notice in Chinese. */
const CHANNELS = ['dingtalk', 'lark', 'wecom', 'slack', 'webhook', 'email', 'sms', 'voice'];

let browser: Browser;
let server: SandboxServer;
let senders: Senders;
let aheadMs = 0;

const loginAlert = anEvent({
  id: 'evt_0000000077',
  product: 'security-center',
  type: 'Alert',
  name: 'Unusual login',
  status: '',
  level: 'high',
  title: { zh: '检测到异常登录', en: 'Unusual login detected' },
});

beforeAll(async () => {
  browser = await launchChromium();
  server = await startSandbox({ clock: { nowMs: () => Date.now() + aheadMs }, wait: async () => {} });
  senders = await openSenders(server);
  server.sandbox.configure('dingtalk', 'ops-robot-0123456789', { name: '运维群 Operations' });
  server.sandbox.configure('lark', '6f1f3c52-9d1e-4b7b-9a51-0b4f2e8ab17d', { name: '安全响应群' });
  server.sandbox.configure('wecom', '693a91f6-7a1b-4bc4-97a0-0ec2f1fa5aaa', { name: '值班群 On call' });
  server.sandbox.configure('slack', 'abcdefghijklmnopqrstuvwx', { name: '#sec-alerts' });
  server.sandbox.configure('sms', '+8613800001234', { name: '张三 Zhang San' });
  for (const { path, body } of SAMPLE_REQUESTS) {
    aheadMs += 1_500;
    await server.send(path, body);
  }
  const robot = '/sandbox/dingtalk/robot/send?access_token=ops-robot-0123456789';
  for (const body of [DING_ALERT, DING_ALERT, DING_DIGEST]) await server.send(robot, body);
  for (const channel of CHANNELS) {
    aheadMs += 2_000;
    await senders.notify(channel, aMergedNotice(44, { id: 'dlv_0000000044', language: 'en' }));
    aheadMs += 2_000;
    const notice = aNotice({ id: 'dlv_0000000077', digest: digestOfEvent(loginAlert), language: 'zh' });
    await senders.notify(channel, notice);
    if (channel === 'dingtalk' || channel === 'email') await senders.notify(channel, notice);
  }
  server.sandbox.configure('dingtalk', 'ops-robot-0123456789', { name: '运维群 Operations', keywords: ['ECS'] });
  await server.send(robot, { msgtype: 'text', text: { content: '数据库主备切换' } });
});

afterAll(async () => {
  await browser?.close();
  await senders?.close();
  await server?.close();
});

describe('the looks of the page', () => {
  it.each(CHANNELS)(
    'shows what our own channel sends, in both languages and without raw markup: %s',
    async (channel) => {
      const { page, incidents, close } = await openWatched(browser, `${server.url}/sandbox?lang=en&place=${channel}-1`);
      await page.locator('#stream .row').nth(1).waitFor();
      const shown = await page.locator('#main').innerText();
      // The fake voice service takes one call a minute: the second one was refused, and so nothing was spoken.
      expect(shown).toMatch(channel === 'voice' ? /分钟级流控/ : /检测到异常登录/);
      expect(shown).toContain('44');
      const bodies = (await page.locator('#stream .body').allInnerTexts()).join('\n');
      if (channel !== 'webhook') expect(bodies).not.toMatch(/\*\*|&lt;|<font|\]\(http|\\_/);
      expect(incidents).toEqual([]);
      await close();
    },
  );

  it.each(LOOKS)('fits into the window with every provider: %s', async (look, lang, options) => {
    const { page, incidents, close } = await openWatched(browser, `${server.url}/sandbox?lang=${lang}`, options);
    await page.locator('.place').first().waitFor();
    await keepPicture(page, `${look}-list`);
    for (const channel of CHANNELS) {
      await page.goto(`${server.url}/sandbox?lang=${lang}&place=${channel}-1`);
      await page.locator('#main .row').first().waitFor();
      if (channel === 'email' && options.viewport === PHONE) await page.locator('.mail-summary').last().click();
      await keepPicture(page, `${look}-${channel}`);
      const tooWide = `[...document.querySelectorAll('body, #main, #scroll, .row, .bubble, .slip, .place')].filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== 'hidden').map((node) => node.className + ' ' + node.scrollWidth + '>' + node.clientWidth)`;
      expect(await page.evaluate(tooWide), `${look} ${channel}`).toEqual([]);
    }
    await page.goto(`${server.url}/sandbox?lang=${lang}&q=prod`);
    await page.locator('#main .row').first().waitFor();
    await keepPicture(page, `${look}-search`);
    expect(incidents).toEqual([]);
    await close();
  });
});
