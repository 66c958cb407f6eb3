import { createHash } from 'node:crypto';
import type { Ack } from '../domain/ack.ts';
import { titleFor } from '../domain/catalogue.ts';
import type { DeliveryRef } from '../domain/delivery.ts';
import { escapeHtml } from '../domain/escape-html.ts';
import { productNameOf } from '../domain/product.ts';
import { type AckWords, ackWordsOf, BROKEN_LINKS } from './ack-words.ts';

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--critical:#c62828;--high:#d84315;--medium:#8a6d00;--low:#2e7d32;--info:#546e7a}
*{box-sizing:border-box}
body{margin:0 auto;max-width:34rem;padding:1.5rem 1rem;font:16px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header{opacity:.7;font-size:.9rem;margin-bottom:1rem}
main{border:1px solid var(--line);border-radius:.75rem;padding:1.2rem}
section+section{border-top:1px solid var(--line);margin-top:1rem;padding-top:1rem}
h1{font-size:1.25rem;line-height:1.35;margin:.5rem 0 .3rem;overflow-wrap:anywhere}
p{margin:.4rem 0;overflow-wrap:anywhere}
.level{display:inline-block;border-radius:1rem;padding:.1rem .7rem;color:#fff;font-size:.85rem;background:var(--info)}
.critical{background:var(--critical)}.high{background:var(--high)}.medium{background:var(--medium)}.low{background:var(--low)}
.facts{opacity:.75}
.done{font-weight:600;font-size:1.1rem;color:var(--low)}
label{display:block;margin:1rem 0 .3rem;font-size:.9rem}
input{font:inherit;width:100%;padding:.55rem .7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--soft);color:inherit}
button{font:inherit;font-weight:600;width:100%;margin-top:1rem;padding:.75rem;border:0;border-radius:.5rem;background:#1565c0;color:#fff;cursor:pointer}
button:focus-visible,input:focus-visible{outline:3px solid #1565c080;outline-offset:2px}
`;

/** Content security policy of the page: nothing from anywhere, no script, and the form only back to here. */
export const ACK_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = (lang: string, title: string, main: string): string => `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} · Fenghuo 烽火</title>
<style>${STYLE}</style>
</head>
<body>
<header>Fenghuo · 烽火</header>
<main>
${main}
</main>
</body>
</html>
`;

/** What is acknowledged: level, what happened, how many events. */
const messageHtml = ({ level, total, what, language }: DeliveryRef, words: AckWords): string => {
  const title = titleFor(what)[language] || what.name;
  const product = productNameOf(what.product)[language];
  return `<section><span class="level ${level}">${escapeHtml(words.levels[level])}</span>
<h1>${escapeHtml(title)}</h1>
<p class="facts">${escapeHtml(product)} · ${escapeHtml(words.events(total))}</p></section>`;
};

const formHtml = (words: AckWords): string => `<section><p>${escapeHtml(words.ask)}</p>
<form method="post">
<label for="name">${escapeHtml(words.name)}</label>
<input id="name" name="name" maxlength="60" autocomplete="name">
<button>${escapeHtml(words.button)}</button>
</form></section>`;

const doneHtml = (
  ack: Ack,
  head: string,
  told: { words: AckWords; at: string },
): string => `<section><p class="done" role="status">✓ ${escapeHtml(head)}</p>
<p>${escapeHtml(told.words.by(ack.by, told.at))}</p>
<p class="facts">${escapeHtml(told.words.after)}</p></section>`;

/** The page that asks whether somebody takes a message on; opening it changes nothing. */
export const askPage = (delivery: DeliveryRef): string => {
  const words = ackWordsOf(delivery.language);
  return page(words.lang, words.title, `${messageHtml(delivery, words)}\n${formHtml(words)}`);
};

/** The page that says who acknowledged a message and when: just now, or somebody before. `at` is the time for its reader. */
export const acknowledgedPage = (delivery: DeliveryRef, told: { ack: Ack; isFirst: boolean; at: string }): string => {
  const words = ackWordsOf(delivery.language);
  const head = told.isFirst ? words.done : words.already;
  const done = doneHtml(told.ack, head, { words, at: told.at });
  return page(words.lang, head, `${messageHtml(delivery, words)}\n${done}`);
};

/** The page about a link that does not work, in both languages, and its status. It says nothing about any message. */
export const brokenPage = (kind: keyof typeof BROKEN_LINKS): { status: number; html: string } => {
  const { status, en, zh } = BROKEN_LINKS[kind];
  const part = (lang: string, [what, todo]: readonly [string, string]): string =>
    `<section lang="${lang}"><h1>${what}</h1>\n<p>${todo}</p></section>`;
  return { status, html: page('en', String(status), `${part('en', en)}\n${part('zh-CN', zh)}`) };
};
