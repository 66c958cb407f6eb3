import { createHash } from 'node:crypto';
import { PAGE_SCRIPT } from './page-script.ts';

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--critical:#c62828;--high:#e65100;--medium:#b28704;--low:#2e7d32;--info:#546e7a}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;font:15px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}
h1{font-size:1.3rem;margin:0}h2{font-size:1.05rem;margin:1.5rem 0 .5rem}
button,input{font:inherit;padding:.25rem .6rem;border:1px solid var(--line);border-radius:.4rem;background:var(--soft);color:inherit}
#books{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;list-style:none}
#books li{border:1px solid var(--line);border-radius:.5rem;padding:.3rem .7rem}#books b{display:block;font-size:1.2rem}
.event{border:1px solid var(--line);border-left:.35rem solid var(--info);border-radius:.5rem;margin:.5rem 0;padding:.5rem .8rem}
.event>button{all:unset;cursor:pointer;display:block;width:100%}.event>button:focus-visible{outline:2px solid}
.critical{border-left-color:var(--critical)}.high{border-left-color:var(--high)}.medium{border-left-color:var(--medium)}.low{border-left-color:var(--low)}
.facts{opacity:.75;font-size:.9em;overflow-wrap:anywhere}
.why{margin:.5rem 0 0;padding:.5rem 0 0;border-top:1px solid var(--line)}
.why ol{margin:.3rem 0;padding-left:1.2rem}.why li{margin:.15rem 0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;overflow:auto;max-height:16rem;background:var(--soft);padding:.5rem;border-radius:.4rem}
.event h2{margin:0}.event p{margin:.3rem 0}
.odd{color:var(--critical)}.even{color:var(--low)}
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Content security policy of the pages: nothing from elsewhere, and only the script and style that are in them. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(PAGE_SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = (body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Fenghuo · 烽火</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;

/** The page for people: the books, recent events and why each of them was told or not. Holds no data; it asks the API. */
export const consolePage = page(`<header>
<h1>Fenghuo · 烽火</h1>
<input id="search" type="search" size="24" aria-label="search">
<button id="language" type="button"></button>
<a id="sandbox" hidden></a>
</header>
<p id="problem" class="odd" role="alert"></p>
<section id="focus"></section>
<h2 id="books-title"></h2>
<ul id="books"></ul>
<p id="canary" hidden></p>
<h2 id="events-title"></h2>
<div id="events"></div>
<button id="more" type="button" hidden></button>
<script>${PAGE_SCRIPT}</script>`);

/** Shown to a browser that has not been signed in. */
export const signInPage = page(`<h1>Fenghuo · 烽火</h1>
<p>This page wants the access token. Open the link that was printed when Fenghuo started, or paste the token here.</p>
<p>本页需要访问令牌。请打开启动时打印的链接，或在此粘贴令牌。</p>
<form method="get"><input name="token" type="password" autocomplete="off" aria-label="token"> <button>OK</button></form>`);
