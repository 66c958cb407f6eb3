import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxParts } from '../../shared/local/sandbox/provider.ts';
import { createProviders } from '../../shared/local/sandbox/providers.ts';
import { keepPicture, launchChromium, openWatched } from './chromium.ts';
import { addSample, DING_ALERT, DING_DIGEST, SAMPLES, sampleProviders, WEBHOOK_EVENT } from './sample-messages.ts';
import { type SandboxServer, startSandbox } from './sandbox-server.ts';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const LOOKS: readonly [string, string, BrowserContextOptions][] = [
  ['desktop-light-en', 'en', { viewport: DESKTOP, colorScheme: 'light' }],
  ['desktop-dark-zh', 'zh', { viewport: DESKTOP, colorScheme: 'dark' }],
  ['phone-light-zh', 'zh', { viewport: PHONE, colorScheme: 'light', hasTouch: true }],
  ['phone-dark-en', 'en', { viewport: PHONE, colorScheme: 'dark', hasTouch: true }],
];

const PLACES = ['dingtalk', 'lark', 'wecom', 'slack', 'webhook', 'email', 'sms', 'voice'];

let browser: Browser;
let server: SandboxServer;

const START_MS = Date.UTC(2026, 10, 25, 14, 41, 7);

beforeAll(async () => {
  browser = await launchChromium();
  let parts: SandboxParts | undefined;
  let nowMs = START_MS;
  server = await startSandbox({
    clock: { nowMs: () => nowMs },
    providers: (given) => {
      parts = given;
      return [...createProviders(given), ...sampleProviders()];
    },
  });
  server.sandbox.configure('dingtalk', 'ops-robot-0123456789', {
    name: '运维群 Operations',
    keywords: ['ECS', 'alerts'],
  });
  for (const sample of SAMPLES) {
    nowMs += 7_000;
    if (parts !== undefined) addSample(parts, sample);
  }
  const robot = '/sandbox/dingtalk/robot/send?access_token=ops-robot-0123456789';
  for (const body of [DING_ALERT, DING_ALERT, DING_DIGEST, { msgtype: 'text', text: { content: '数据库主备切换' } }]) {
    nowMs += 11_000;
    await server.send(robot, body);
  }
  const headers = { 'content-type': 'application/json', 'webhook-id': 'dlv_01JD3N7Q4ZC6M9T5R8WXYKE2AB' };
  await server.send('/sandbox/webhook/tickets', WEBHOOK_EVENT, headers);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe('the looks of the page', () => {
  it.each(LOOKS)('shows every provider: %s', async (look, lang, options) => {
    const { page, incidents, close } = await openWatched(browser, `${server.url}/sandbox?lang=${lang}`, options);
    await page.locator('.place').first().waitFor();
    await keepPicture(page, `${look}-list`);
    for (const provider of PLACES) {
      await page.goto(`${server.url}/sandbox?lang=${lang}&place=${provider}-1`);
      await page.locator('#main .row').first().waitFor();
      if (provider === 'email' && options.viewport === PHONE) await page.locator('.mail-summary').last().click();
      await keepPicture(page, `${look}-${provider}`);
    }
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
    expect(incidents).toEqual([]);
    await close();
  });
});
