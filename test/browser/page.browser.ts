import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aMergedNotice, aNotice } from '../fixtures/providers/notice.ts';
import { keepPicture, launchChromium } from './chromium.ts';
import { openPageWorld, type PageWorld, ROBOT } from './page-world.ts';
import { DING_ALERT, DING_DIGEST, WEBHOOK_EVENT } from './sample-requests.ts';
import { openSenders } from './senders.ts';

let browser: Browser;
let world: PageWorld;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

afterEach(async () => {
  const { incidents } = world;
  await world.close();
  expect(incidents).toEqual([]);
});

const rowsOf = (): Promise<string[]> => world.page.locator('#stream .row .bubble').allInnerTexts();

describe('messages on the page', () => {
  it('appear without a reload, rendered and not raw, with the answer of the provider', async () => {
    world = await openPageWorld(browser);
    await world.page.getByText('Nothing here yet').waitFor();
    await world.ding(DING_ALERT);
    const row = world.row(0);
    await row.waitFor();
    expect(await row.locator('h4').innerText()).toBe('紧急：ECS 实例因系统维护将重启');
    expect(await row.locator('strong').first().innerText()).toBe('实例');
    expect(await row.locator('a').getAttribute('href')).toBe('https://ecs.console.example.com/');
    expect(await row.locator('.at').innerText()).toBe('@13800000000');
    expect(await row.locator('.bubble').innerText()).not.toMatch(/####|\*\*|\]\(/);
    expect(await row.locator('.slip').innerText()).toMatch(/Delivered\s+errcode 0\s+12:30:00/);
    expect(await row.locator('.slip .key code').innerText()).toBe(DING_ALERT.msgUuid);
  });

  it('tell what was refused, repeated, throttled and lost, and why', async () => {
    world = await openPageWorld(browser, {
      prepare: async ({ sandbox, api, ding }) => {
        sandbox.configure('dingtalk', ROBOT, { name: '运维群', keywords: ['ECS', 'alerts'] });
        await ding(DING_DIGEST);
        await ding(DING_DIGEST);
        await ding('nothing of that kind');
        await api('PUT', 'faults', { provider: 'dingtalk', reset: 1 });
        await ding(DING_ALERT).catch(() => undefined);
        await api('PUT', 'faults', { provider: 'dingtalk' });
        for (let count = 0; count < 18; count += 1) await ding('ECS');
      },
    });
    await world.row(21).waitFor();
    const slips = await world.page.locator('.slip').allInnerTexts();
    expect(slips[0]).toContain('Delivered');
    expect(slips[1]).toMatch(/Repeated[\s\S]*shown only once/);
    expect(slips[2]).toMatch(/Refused\s+errcode 310000[\s\S]*keywords not in content/);
    expect(slips[3]).toMatch(/Answer lost[\s\S]*connection was cut/);
    expect(slips[21]).toMatch(/Throttled\s+errcode 130101[\s\S]*exceed 20 times per minute/);
    expect(await world.row(2).getAttribute('class')).toContain('hidden-there');
  });

  it('give the request and the answer on demand', async () => {
    world = await openPageWorld(browser, { prepare: async ({ ding }) => void (await ding(DING_ALERT)) });
    const row = world.row(0);
    await row.waitFor();
    expect(await row.locator('pre').count()).toBe(0);
    await row.getByText('Request', { exact: true }).click();
    expect(JSON.parse(await row.locator('pre').innerText())).toEqual(DING_ALERT);
    await row.getByText('Answer', { exact: true }).click();
    expect(JSON.parse(await row.locator('pre').nth(1).innerText())).toEqual({ errcode: 0, errmsg: 'ok' });
    // What a person opened stays open when the next message comes.
    await world.ding('next');
    await world.row(1).waitFor();
    expect(await row.locator('pre').count()).toBe(2);
  });

  it('are previewed in the list without the markup of their provider', async () => {
    const body = {
      msgtype: 'markdown',
      markdown: { content: '### <font color="warning">紧急</font>\n> **disk** [open](https://a.example.com/)' },
    };
    world = await openPageWorld(browser, {
      prepare: ({ send }) => send('/sandbox/wecom/cgi-bin/webhook/send?key=0123456789abcdef', body),
    });
    await world.place('0123…cdef').waitFor();
    expect(await world.page.locator('.preview').innerText()).toBe('紧急 disk open');
  });

  it('count as unread until their place is opened', async () => {
    world = await openPageWorld(browser, {
      prepare: async ({ ding, send }) => {
        await ding('one', 'first-robot-0123456789');
        await send('/sandbox/webhook/tickets', WEBHOOK_EVENT);
      },
    });
    const first = world.place('firs…6789');
    await first.locator('.badge').waitFor();
    expect(await world.place('tickets').getAttribute('aria-current')).toBe('true');
    expect(await world.place('tickets').locator('.badge').count()).toBe(0);
    await world.ding('two', 'first-robot-0123456789');
    await expect.poll(() => first.locator('.badge').innerText()).toBe('2');
    expect(await first.getAttribute('aria-label')).toBe('firs…6789, DingTalk, 2 unread');
    expect(await world.page.title()).toBe('(2) Fenghuo sandbox');
    await first.click();
    await world.row(1).waitFor();
    await first.locator('.badge').waitFor({ state: 'detached' });
    await world.page.reload();
    await first.waitFor();
    expect(await world.page.locator('.badge').count()).toBe(0);
  });

  it('keep the eye of the reader where it is, and load the older ones on request', async () => {
    world = await openPageWorld(browser, {
      prepare: async ({ send }) => {
        for (let index = 0; index < 130; index += 1) await send('/sandbox/webhook/x', { index });
      },
    });
    await world.row(99).waitFor();
    expect(await world.page.locator('#stream .row').count()).toBe(100);
    await world.page.evaluate("document.getElementById('scroll').scrollTop = 0");
    await world.send('/sandbox/webhook/x', { index: 'new' });
    await world.page.getByRole('button', { name: 'New messages below' }).click();
    expect(await world.row(100).innerText()).toContain('"new"');
    await world.page.getByRole('button', { name: 'New messages below' }).waitFor({ state: 'hidden' });
    await world.page.getByRole('button', { name: 'Show older messages' }).click();
    await world.row(130).waitFor();
    expect(await world.row(0).innerText()).toContain('"index": 0');
    expect(await world.page.getByRole('button', { name: 'Show older messages' }).count()).toBe(0);
  });
});

describe('search and filters', () => {
  it('find a word in all places, and lead to the place', async () => {
    world = await openPageWorld(browser, {
      prepare: async ({ ding, send }) => {
        await ding('磁盘挂起 disk');
        await ding('nothing');
        await send('/sandbox/webhook/tickets', { note: 'Disk is full' });
      },
    });
    await world.page.getByRole('searchbox').fill('DISK');
    await expect.poll(() => world.page.locator('#stream .row').count()).toBe(2);
    expect((await rowsOf()).join()).toMatch(/磁盘挂起[\s\S]*Disk is full/);
    expect(new URL(world.page.url()).searchParams.get('q')).toBe('DISK');
    await world.ding('another disk');
    await world.row(2).waitFor();
    await world.page.getByRole('searchbox').fill('no such word');
    await world.page.getByText('No message fits.').waitFor();
    await world.page.getByRole('searchbox').fill('full');
    await world.page.getByRole('button', { name: 'Webhooks · tickets' }).click();
    await world.page.getByRole('heading', { name: 'tickets' }).waitFor();
    expect(await world.page.getByRole('searchbox').inputValue()).toBe('');
  });

  it('show one provider, or one kind of answer', async () => {
    world = await openPageWorld(browser, {
      prepare: async ({ ding, send, sandbox }) => {
        sandbox.configure('dingtalk', 'strict-robot-0123456789', { keywords: ['Wolf'] });
        await ding('fine');
        await ding('refused', 'strict-robot-0123456789');
        await send('/sandbox/webhook/tickets', WEBHOOK_EVENT);
      },
    });
    await world.place('tickets').waitFor();
    await world.page.getByLabel('Answer', { exact: true }).first().selectOption('refused');
    await world.page.getByText('keywords not in content').waitFor();
    expect(await rowsOf()).toEqual(['refused']);
    await world.page.getByLabel('Answer', { exact: true }).first().selectOption('');
    await world.page.getByLabel('Provider').selectOption('dingtalk');
    await expect.poll(() => world.page.locator('#stream .row').count()).toBe(2);
    expect(await world.place('tickets').count()).toBe(0);
  });
});

describe('clearing', () => {
  it('empties the page after a question, and every other page of the same host', async () => {
    world = await openPageWorld(browser, { prepare: async ({ ding }) => void (await ding('one')) });
    await world.row(0).waitFor();
    await world.page.getByRole('button', { name: 'Clear' }).click();
    await world.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await world.ding('two');
    await world.row(1).waitFor();
    await world.page.getByRole('button', { name: 'Clear' }).click();
    await world.page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
    await world.page.getByText('Send an event and what each group would see appears here').waitFor();
    expect(await world.page.locator('.place').count()).toBe(0);
    await world.ding('three');
    await world.row(0).waitFor();
    expect(await rowsOf()).toEqual(['three']);
    await world.api('DELETE', 'messages');
    await world.page.getByText('Nothing here yet').waitFor();
  });
});

describe('languages', () => {
  it('are the one of the browser at first, and the chosen one from then on', async () => {
    world = await openPageWorld(browser, {
      query: '',
      locale: 'zh-CN',
      prepare: async ({ ding }) => void (await ding('x')),
    });
    await world.page.locator('.chip', { hasText: '已送达' }).waitFor();
    expect(await world.page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await world.page.getByRole('button', { name: 'Switch to English' }).click();
    await world.page.locator('.chip', { hasText: 'Delivered' }).waitFor();
    expect(new URL(world.page.url()).searchParams.get('lang')).toBe('en');
    expect(await world.page.locator('html').getAttribute('lang')).toBe('en');
    await world.page.reload();
    await world.page.locator('.chip', { hasText: 'Delivered' }).waitFor();
    expect(await world.page.locator('body').innerText()).not.toMatch(/已送达|清空|故障/);
  });
});

describe('hands and ears', () => {
  it('reach everything by the keyboard', async () => {
    world = await openPageWorld(browser, {
      prepare: async ({ ding, send }) => {
        await ding('one');
        await send('/sandbox/webhook/tickets', WEBHOOK_EVENT);
      },
    });
    await world.row(0).waitFor();
    await world.page.keyboard.press('/');
    await world.page.keyboard.type('one');
    await expect.poll(rowsOf).toEqual(['one']);
    await world.page.keyboard.press('Escape');
    await world.page.getByRole('heading', { name: 'tickets' }).waitFor();
    await world.place('ops-').focus();
    await world.page.keyboard.press('ArrowDown');
    await world.page.keyboard.press('ArrowUp');
    await world.page.keyboard.press('Enter');
    await world.page.getByRole('heading', { name: 'ops-…6789' }).waitFor();
    expect(await world.page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('hear every control by a name, and each new message', async () => {
    world = await openPageWorld(browser, { prepare: async ({ ding }) => void (await ding('one')) });
    await world.row(0).waitFor();
    const nameless = await world.page.evaluate(`[...document.querySelectorAll('button, a[href], input, select')]
      .filter((node) => node.offsetParent && !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length)).map((node) => node.outerHTML)`);
    expect(nameless).toEqual([]);
    for (const role of ['main', 'navigation', 'search'] as const)
      expect(await world.page.getByRole(role).count()).toBe(1);
    await world.ding('数据库主备切换');
    await world.page.getByText('New message in ops-…6789: Delivered, 数据库主备切换').waitFor({ state: 'attached' });
  });
});

describe('on a phone', () => {
  it('opens a place over the list and comes back', async () => {
    world = await openPageWorld(browser, {
      viewport: { width: 360, height: 740 },
      prepare: async ({ ding }) => void (await ding(DING_ALERT)),
    });
    const place = world.place('ops-');
    await place.click();
    await world.row(0).waitFor();
    expect(await place.isVisible()).toBe(false);
    expect(await world.page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await world.page.getByRole('button', { name: 'Back to the list' }).click();
    await place.waitFor();
    expect(await world.page.evaluate('document.activeElement.className')).toContain('place');
    await place.click();
    await world.row(0).waitFor();
    await world.page.goBack();
    await place.waitFor();
  });
});

describe('a mailbox', () => {
  it('shows the HTML apart from the page, the text and the headers', async () => {
    world = await openPageWorld(browser);
    const senders = await openSenders(world);
    expect((await senders.notify('email', aMergedNotice(44))).kind).toBe('delivered');
    expect((await senders.notify('email', aNotice({ id: 'dlv_2', language: 'zh' }))).kind).toBe('delivered');
    await senders.close();
    await world.page.locator('.mail-summary', { hasText: '实例因系统维护计划重启' }).click();
    await world.page.locator('#reader h3', { hasText: '实例因系统维护计划重启' }).waitFor();
    const frame = world.page.frameLocator('#part iframe');
    await frame.locator('body').getByText('实例因系统维护计划重启').last().waitFor();
    expect(await world.page.locator('#part iframe').getAttribute('sandbox')).not.toMatch(
      /scripts|same-origin|top-nav|forms/,
    );
    // The styles of the mail apply in its frame.
    const sizes =
      '[...new Set([...document.querySelectorAll("body *")].map((node) => getComputedStyle(node).fontSize))]';
    expect((await world.page.frames()[1]?.evaluate<string[]>(sizes))?.length).toBeGreaterThan(1);
    await world.page.getByRole('tab', { name: 'Text' }).click();
    expect(await world.page.locator('#part pre').innerText()).toContain('web-frontend');
    await world.page.keyboard.press('ArrowRight');
    expect(await world.page.locator('#part pre').innerText()).toMatch(/auto-submitted: auto-generated/i);
    expect(await world.page.locator('#reader dl').innerText()).toMatch(
      /From\s+fenghuo@example.com\s+To\s+oncall@example.com/,
    );
    expect(await world.page.locator('#reader .slip').innerText()).toMatch(/Delivered\s+SMTP 250/);
  });
});

describe('fault knobs and settings', () => {
  it('are set on the page and bite at once', async () => {
    world = await openPageWorld(browser, { prepare: async ({ ding }) => void (await ding('one')) });
    await world.row(0).waitFor();
    await world.page
      .getByRole('banner')
      .or(world.page.locator('#head'))
      .getByRole('button', { name: 'Faults' })
      .last()
      .click();
    const dialog = world.page.getByRole('dialog');
    await dialog.getByText('No faults are set.').waitFor();
    expect(await dialog.getByLabel('For', { exact: true }).inputValue()).toBe('dingtalk');
    await dialog.getByRole('button', { name: 'Add a code' }).click();
    await dialog.getByLabel('Code', { exact: true }).fill('130101');
    await dialog.getByLabel('Words').fill('too fast, says the page');
    await dialog.getByLabel('Retry-After').fill('9');
    await dialog.getByLabel('Answer later by').fill('40');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('130101 (100 %)').waitFor();
    await keepPicture(world.page, 'desktop-faults');
    expect(await world.ding('two')).toEqual({ errcode: 130101, errmsg: 'too fast, says the page' });
    await dialog.getByRole('button', { name: 'Close' }).click();
    await world.page.getByRole('button', { name: 'Faults are on (1)' }).waitFor();
    await world.row(1).waitFor();
    expect(await world.row(1).locator('.slip').innerText()).toMatch(
      /Throttled[\s\S]*in place of the provider: 130101[\s\S]*40 ms/,
    );
    await world.page.getByRole('button', { name: 'Faults are on (1)' }).click();
    await dialog.getByRole('button', { name: 'Switch all off' }).click();
    await dialog.getByText('No faults are set.').waitFor();
    expect(await world.ding('three')).toEqual({ errcode: 0, errmsg: 'ok' });
  });

  it('of a robot are changed without its token and without losing its secret', async () => {
    world = await openPageWorld(browser, {
      prepare: async ({ sandbox }) => {
        sandbox.configure('dingtalk', ROBOT, { name: '运维群', secret: 'SECofTheRobot' });
      },
    });
    const settings = world.page.getByRole('button', { name: 'Settings' });
    await settings.click();
    const dialog = world.page.getByRole('dialog');
    expect(await dialog.getByLabel('Name').inputValue()).toBe('运维群');
    await dialog.getByLabel('Keywords').fill('Wolf\n狼');
    await keepPicture(world.page, 'desktop-settings');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await world.ding('unsigned 狼')).toMatchObject({ errcode: 310000, errmsg: 'sign not match' });
    await settings.click();
    await dialog.getByLabel('Remove what is set').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await world.ding('unsigned 狼')).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await world.ding('sheep')).toMatchObject({ errcode: 310000, errmsg: 'keywords not in content' });
    await world.row(2).waitFor();
    expect(await world.page.content()).not.toMatch(/ops-robot-0123456789|SECofTheRobot/);
  });

  it('say what is wrong with them', async () => {
    world = await openPageWorld(browser, { prepare: async ({ ding }) => void (await ding('one')) });
    await world.page.getByRole('button', { name: 'Settings' }).click();
    const dialog = world.page.getByRole('dialog');
    await dialog.getByLabel('Keywords').fill('a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'This did not work' }).waitFor();
    // The browser itself logs every answer of 400; nothing else may have happened.
    expect(world.incidents.splice(0)).toEqual([expect.stringContaining('400')]);
  });
});
