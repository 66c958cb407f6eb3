import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApi } from '../../shared/adapters/aliyun/openapi.ts';
import { OPENAPI_PATH } from '../../shared/local/sandbox/openapi-provider.ts';
import { SANDBOX_CREDENTIALS } from '../../shared/local/sandbox/openapi-signature.ts';
import type { FakeProvider, SandboxParts } from '../../shared/local/sandbox/provider.ts';
import { launchChromium } from './chromium.ts';
import { openPageWorld, type PageWorld, ROBOT } from './page-world.ts';

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

const plain = (content: string) => ({ tag: 'plain_text', content });
const markdown = (content: string) => ({ tag: 'lark_md', content });

/** One attack in every field that a chat shows. */
const chatRequests = (attack: string, index: number): [string, unknown][] => {
  const lark = '/sandbox/lark/open-apis/bot/v2/hook/6f1f3c52-9d1e-4b7b-9a51-0b4f2e8ab17d';
  const wecom = '/sandbox/wecom/cgi-bin/webhook/send?key=693a91f6-7a1b-4bc4-97a0-0ec2f1fa5aaa';
  const slack = '/sandbox/slack/services/T0000001/B0000001/abcdefghijklmnopqrstuvwx';
  const url = index % 2 ? attack : `javascript:alert('HOSTILE')`;
  const post = [
    [
      { tag: 'text', text: attack },
      { tag: 'a', text: attack, href: url },
      { tag: 'at', user_id: attack },
    ],
  ];
  const elements = [
    { tag: 'div', text: markdown(attack), fields: [{ is_short: true, text: markdown(attack) }] },
    { tag: 'action', actions: [{ tag: 'button', text: plain(attack), type: attack, url }] },
    { tag: 'note', elements: [plain(attack)] },
  ];
  const newer = {
    schema: '2.0',
    header: { title: plain(attack), template: attack },
    body: { elements: [{ tag: 'markdown', content: attack }] },
  };
  const card = {
    card_type: 'text_notice',
    source: { desc: attack },
    main_title: { title: attack, desc: attack },
    emphasis_content: { title: attack, desc: attack },
    quote_area: { title: attack, quote_text: attack },
    sub_title_text: attack,
    horizontal_content_list: [{ keyname: attack, value: attack }],
    jump_list: [{ type: 1, title: attack, url }],
    card_action: { type: 1, url },
  };
  const mrkdwn = { type: 'mrkdwn', text: `${attack} <${url}|${attack}> <@${attack}>` };
  return [
    [lark, { msg_type: 'text', content: { text: `${attack}<at user_id="${attack}">${attack}</at>` } }],
    [lark, { msg_type: 'post', content: { post: { zh_cn: { title: attack, content: post } } } }],
    [lark, { msg_type: 'interactive', card: { header: { title: plain(attack), template: attack }, elements } }],
    [lark, { msg_type: 'interactive', card: newer }],
    [wecom, { msgtype: 'text', text: { content: attack, mentioned_list: [attack] } }],
    [
      wecom,
      {
        msgtype: 'markdown',
        markdown: { content: `<font color="${attack}">${attack}</font> [${attack}](${url}) <@${attack}>` },
      },
    ],
    [wecom, { msgtype: 'template_card', template_card: card }],
    [slack, { text: attack }],
    [
      slack,
      {
        text: attack,
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: attack.slice(0, 150) } },
          { type: 'section', text: mrkdwn, fields: [mrkdwn] },
          { type: 'context', elements: [mrkdwn] },
        ],
      },
    ],
    [
      slack,
      {
        text: attack,
        blocks: [
          {
            type: 'actions',
            elements: [{ type: 'button', text: { type: 'plain_text', text: attack.slice(0, 75) }, url }],
          },
        ],
      },
    ],
  ];
};

/** A provider that takes everything and escapes nothing. */
const brokenProvider = (parts: SandboxParts, name: string, html: string): FakeProvider => ({
  name,
  targetOf: ({ path }) => (path === `/sandbox/${name}` ? html : undefined),
  serve: ({ body }) => {
    const request: unknown = JSON.parse(body.toString('utf8'));
    const message = parts.log.add(html, {
      provider: name,
      target: html,
      name: `${name} ${html}`,
      receivedAtMs: parts.clock.nowMs(),
      request,
      title: html,
      text: html,
      answer: { status: 200, body: { Code: html, Message: html }, reset: false },
      shown: true,
      idempotencyKey: html,
      repeated: false,
    });
    return { response: { status: 200, headers: {}, body: '{}' }, message };
  },
  html: () => html,
});

const sendHostileMail = async (server: PageWorld, html: string): Promise<void> => {
  const { host, port, certificate, close } = await server.sandbox.startMail();
  const user = 'fenghuo@example.com';
  const transport = createTransport({
    host,
    port,
    secure: true,
    tls: { ca: certificate, servername: '' },
    auth: { user, pass: 'code' },
  });
  const flat = html.replaceAll('\n', ' ');
  await transport.sendMail({
    from: { name: flat, address: user },
    to: { name: flat, address: 'oncall@example.com' },
    subject: flat,
    text: html,
    html,
    headers: { 'X-Hostile': flat },
  });
  transport.close();
  await close();
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
    world.sandbox.configure('dingtalk', ROBOT, { name: attacks.join('') });
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

  it('stays text in every field of Lark, WeCom and Slack', async () => {
    world = await openPageWorld(browser);
    for (const [index, attack] of ATTACKS().entries()) {
      world.clock.at += 60_000;
      for (const [path, body] of chatRequests(attack, index)) await world.send(path, body);
    }
    for (const [place, shown] of [
      ['lark-1', 'HOSTILE script'],
      ['wecom-1', 'HOSTILE script'],
      ['slack-1', 'HOSTILE script'],
    ] as const) {
      await world.page.locator(`[data-place="${place}"]`).click();
      await world.page.locator('#stream .row').nth(40).waitFor();
      expect(await world.page.locator('.row.shown').count(), place).toBeGreaterThan(15);
      expect(await world.page.locator('#stream').innerText()).toContain(shown);
      await expectHarmless();
    }
  });

  it('stays text in the words of SMS and calls', async () => {
    world = await openPageWorld(browser, { sandbox: { clock: { nowMs: () => Date.now() } } });
    const openapi = createOpenApi({
      endpoint: world.url + OPENAPI_PATH,
      credentials: () => Promise.resolve(SANDBOX_CREDENTIALS),
    });
    const abroad = { action: 'SendMessageToGlobe', version: '2018-05-01', endpoint: '' };
    const home = { version: '2017-05-25', endpoint: '' };
    for (const attack of ATTACKS()) {
      await openapi.call({
        ...abroad,
        timeoutMs: 5_000,
        params: { To: '85291234567', From: 'FENGHUO', Message: attack },
      });
      const variables = Object.fromEntries(
        ['level', 'product', 'name', 'resource', 'count', 'time'].map((name) => [
          name,
          attack.replaceAll(/:\/\/[^'")\s]*|\.\w/g, '').slice(0, 35),
        ]),
      );
      const form = {
        PhoneNumbers: '13800001234',
        SignName: '烽火通知',
        TemplateCode: 'SMS_1',
        TemplateParam: JSON.stringify(variables),
        OutId: attack,
      };
      await openapi.call({ ...home, action: 'SendSms', timeoutMs: 5_000, params: form });
    }
    const spoken = {
      level: '<img src=x onerror=alert(1)>',
      name: '<script>alert(1)</script>',
      product: 'x',
      resource: 'x',
      count: '1',
    };
    await openapi.call({
      ...home,
      action: 'SingleCallByTts',
      timeoutMs: 5_000,
      params: { CalledNumber: '13800001234', TtsCode: 'TTS_1', TtsParam: JSON.stringify(spoken) },
    });
    for (const [place, shown] of [
      ['sms-1', "<script>console.log('HOSTILE script')"],
      ['sms-2', '<script>'],
      ['voice-1', '<script>alert(1)</script>'],
    ] as const) {
      await world.page.locator(`[data-place="${place}"]`).click();
      await world.page.locator('#stream .bubble', { hasText: shown }).first().waitFor();
      await expectHarmless();
    }
  });

  it('stays harmless in every part of a mail, in the reader and opened by itself', async () => {
    world = await openPageWorld(browser);
    const attacks = ATTACKS().join('\n');
    const html = `<!doctype html><html><head>${attacks}'></b></head><body onload="alert(1)">${attacks}'></b><p>end of mail</p></body></html>`;
    await sendHostileMail(world, html);
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

  it('stays harmless even if a fake provider were broken and let all of it through', async () => {
    const html = ATTACKS().join('\n');
    const names = ['dingtalk', 'lark', 'wecom', 'slack', 'webhook', 'sms', 'voice', 'inbox', 'other'];
    world = await openPageWorld(browser, {
      sandbox: { providers: (parts) => names.map((name) => brokenProvider(parts, name, html)) },
    });
    for (const name of names) await world.send(`/sandbox/${name}`, { SignName: html });
    for (const name of names) {
      await world.page.locator(`[data-place="${name}-1"]`).click();
      await world.page.locator('#head', { hasText: name }).waitFor();
      await world.row(0).waitFor();
      await expectHarmless();
    }
    for (const link of await world.page.locator('.bubble a').all()) expect(await link.getAttribute('href')).toBeNull();
    // Classes of the page itself cannot be borrowed.
    expect(await world.page.locator('.bubble .skip, .bubble .open').count()).toBe(0);
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
