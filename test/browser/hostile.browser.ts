import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { openPageWorld, type PageWorld } from './page-world.ts';
import { SAMPLES } from './sample-messages.ts';

let browser: Browser;
let world: PageWorld;
/** Where hostile content tries to reach; counts whoever connects. */
let canary: Server;
let evil = '';
let reached = 0;

beforeAll(async () => {
  browser = await launchChromium();
  canary = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  evil = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await browser?.close();
  canary?.close();
});

afterEach(() => world.close());

/** One of everything that could run, load or lead away. */
const ATTACKS = (): string[] => [
  `<script>console.log('HOSTILE script');fetch('${evil}/script')</script>`,
  `</script><script>alert('HOSTILE')</script>`,
  `<img src="${evil}/img" onerror="console.log('HOSTILE img')">`,
  `<img src=x onerror=alert(1)>`,
  `<svg onload="console.log('HOSTILE svg')"><script>alert(1)</script></svg>`,
  `<iframe src="${evil}/frame" srcdoc="<script>alert(1)</script>"></iframe>`,
  `<object data="${evil}/object"></object><embed src="${evil}/embed">`,
  `<link rel="stylesheet" href="${evil}/style"><link rel="preconnect" href="${evil}"><link rel="prefetch" href="${evil}/prefetch">`,
  `<style>@import url(${evil}/import);body{display:none!important}.row{background:url(${evil}/background)}</style>`,
  `<div style="position:fixed;inset:0;background:url(${evil}/inline)" class="skip open">over all</div>`,
  `<meta http-equiv="refresh" content="0;url=${evil}/refresh">`,
  `<base href="${evil}/">`,
  `<form action="${evil}/form"><input autofocus onfocus="alert(1)"><button>send</button></form>`,
  `<a href="javascript:console.log('HOSTILE link')">run</a>`,
  `<a href="JaVaScRiPt:alert(1)">run</a><a href="data:text/html,<script>alert(1)</script>">data</a>`,
  `[run](javascript:alert(1)) ![x](${evil}/markdown) [q](https://a.example.com/"onmouseover="alert(1))`,
  `"><img src=x onerror=alert(1)><b title='`,
  `<video src="${evil}/video" autoplay onplay="alert(1)"></video><audio src="${evil}/audio"></audio>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>`,
  `<details open ontoggle="alert(1)">x</details><dialog open>x</dialog>`,
];

/** Nothing ran, nothing was asked for elsewhere, nothing covers the page. */
const expectHarmless = async (): Promise<void> => {
  // The browser reports what was forbidden; that it was tried is no harm.
  const harm = world.incidents.filter((incident) => !/^console (?:Blocked |.*Content Security Policy)/.test(incident));
  expect(harm).toEqual([]);
  expect(reached).toBe(0);
  const { page } = world;
  expect(page.url()).toContain(`${world.url}/sandbox`);
  expect(await page.locator('#side').isVisible()).toBe(true);
  const found = await page.evaluate(`(() => {
    const bad = '#main :is(script, iframe:not([sandbox]), object, embed, link, meta, base, style, svg, math, video, audio, img, #stream form, #stream input, [style], [onerror], [onload], [onclick], [ontoggle])';
    const links = [...document.links].map((link) => link.href).filter((href) => !/^(https?:|dingtalk:|mailto:|tel:)/.test(href));
    return [...[...document.querySelectorAll(bad)].map((node) => node.outerHTML.slice(0, 120)), ...links];
  })()`);
  expect(found).toEqual([]);
};

const settle = async (): Promise<void> => {
  // Two further polls have drawn what there is to draw.
  for (let count = 0; count < 2; count += 1)
    await world.page.waitForResponse((response) => response.url().includes('/sandbox/api/messages'));
};

describe('hostile content', () => {
  it('stays text in every field of a DingTalk message and in the name of its group', async () => {
    world = await openPageWorld(browser);
    const attacks = ATTACKS();
    world.sandbox.configure('dingtalk', world.robot, { name: attacks.join('') });
    for (const attack of attacks.slice(0, 4)) {
      await world.ding(attack);
      await world.ding({
        msgtype: 'link',
        link: { title: attack, text: attack, messageUrl: attack },
      });
    }
    await world.ding({ msgtype: 'markdown', markdown: { title: attacks.join('\n'), text: attacks.join('\n\n') } });
    await world.ding({
      msgtype: 'actionCard',
      actionCard: {
        title: attacks[0],
        text: attacks.join('\n'),
        btns: [{ title: attacks[2], actionURL: 'javascript:alert(1)' }],
      },
    });
    await world.ding({ msgtype: attacks[2], [String(attacks[2])]: {} });
    await world.ding('garbage', `dead-${encodeURIComponent(String(attacks[6]))}`);
    await world.page.locator('[data-place="dingtalk-1"]').click();
    await world.row(10).waitFor();
    await settle();
    for (const details of await world.page.locator('.slip details').all()) await details.locator('summary').click();
    expect(await world.row(8).innerText()).toContain('<script>');
    await expectHarmless();
  });

  it('stays text in webhooks: body, name of the receiver, id', async () => {
    world = await openPageWorld(browser);
    const attacks = ATTACKS();
    for (const [index, attack] of attacks.entries()) {
      const headers = { 'content-type': 'application/json', 'webhook-id': encodeURIComponent(attack) };
      const data = { digest: { total: 1, top: [{ level: attack, title: { en: attack }, resource: { id: attack } }] } };
      await world.send(
        `/sandbox/webhook/${index % 2 ? 'x' : encodeURIComponent('<img src=x onerror=alert(1)>')}`,
        { type: attack, data },
        headers,
      );
    }
    await world.send('/sandbox/webhook/x', attacks.join(''));
    await world.row(9).waitFor();
    await settle();
    await world.page.getByRole('searchbox').fill('HOSTILE');
    await world.row(3).waitFor();
    await expectHarmless();
  });

  it('stays harmless even when the HTML of a fake provider were broken and let all of it through', async () => {
    world = await openPageWorld(browser);
    const html = ATTACKS().join('\n');
    for (const sample of SAMPLES) {
      const title = `${sample.provider} ${html}`;
      world.sample({
        ...sample,
        html: `<p>seen</p>${html}`,
        title,
        text: html,
        name: html,
        answer: { Code: html, Message: html },
        idempotencyKey: html,
      });
    }
    for (const name of ['lark', 'wecom', 'slack', 'sms', 'voice']) {
      await world.page.locator(`[data-place="${name}-1"]`).click();
      await world.page.locator('.bubble', { hasText: 'seen' }).first().waitFor();
      await expectHarmless();
    }
    for (const link of await world.page.locator('.bubble a').all()) expect(await link.getAttribute('href')).toBeNull();
    // Classes of the page itself cannot be borrowed.
    expect(await world.page.locator('.bubble .skip').count()).toBe(0);
  });

  it('stays harmless in every part of a mail, in the reader and opened by itself', async () => {
    world = await openPageWorld(browser);
    const html = `<!doctype html><html><head>${ATTACKS().join('')}</head><body onload="alert(1)">${ATTACKS().join('\n')}<a id="out" href="${evil}/link">out</a>'></b><p>end of mail</p></body></html>`;
    const request = {
      from: { name: html, address: html },
      to: [html],
      cc: html,
      subject: html,
      headers: { [html]: html },
      text: html,
      html,
    };
    for (const sample of SAMPLES.filter(({ provider }) => provider === 'email'))
      world.sample({ ...sample, request, title: html, text: html });
    await world.page.locator('.mail-summary').first().waitFor();
    await world.page.frameLocator('#part iframe').getByText('end of mail').waitFor({ state: 'attached' });
    await settle();
    await expectHarmless();
    for (const name of ['Text', 'Headers', 'HTML']) await world.page.getByRole('tab', { name }).click();
    await settle();
    await expectHarmless();
    const alone = await world.page.context().newPage();
    world.incidents.splice(0);
    await alone.goto(`${world.url}/sandbox/mail/1`);
    await alone.getByText('end of mail').waitFor({ state: 'attached' });
    await settle();
    expect(alone.url()).toBe(`${world.url}/sandbox/mail/1`);
    await expectHarmless();
  });

  it('cannot be framed by others, and frames nothing but mails', async () => {
    world = await openPageWorld(browser);
    const answer = await fetch(`${world.url}/sandbox`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const mail = await fetch(`${world.url}/sandbox/mail/99`);
    expect(mail.status).toBe(404);
  });
});
