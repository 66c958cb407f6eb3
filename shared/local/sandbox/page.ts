import { createHash } from 'node:crypto';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page runs its own script, wears its own style, speaks to its own host and frames the mails of that host; nothing else. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(PAGE_SCRIPT)}`,
  `style-src ${hashOf(PAGE_STYLE)}`,
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SIDE = `<div id="side">
<header class="brand"><span class="beacon" aria-hidden="true">烽</span><h1>Fenghuo <small data-t="sandbox"></small></h1>
<button id="language" type="button" class="quiet" data-t="switchTo" data-label="switchLabel"></button></header>
<div id="find" role="search">
<input id="q" type="search" autocomplete="off" spellcheck="false" data-label="search">
<div class="line"><select id="provider" data-label="byProvider"></select><select id="verdict" data-label="byAnswer"></select></div>
</div>
<nav id="places" data-label="places"></nav>
<footer><span id="live" role="status"></span><a href="/" data-t="console"></a>
<button id="faults" type="button" class="quiet"></button><button id="clear" type="button" class="quiet" data-t="clear"></button></footer>
</div>`;

const MAIN = `<main id="main" tabindex="-1">
<header id="head"></header>
<div id="panes">
<div id="scroll" tabindex="-1"><button id="older" type="button" class="quiet" data-t="older" hidden></button><div id="stream"></div></div>
<section id="reader" hidden></section>
</div>
<button id="below" type="button" data-t="newBelow" hidden></button>
</main>`;

/** One self-contained page that shows each fake group, receiver, mailbox and phone as its users would see it, with the provider's answer beside each message. */
export const SANDBOX_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Fenghuo sandbox</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<a class="skip" href="#main" data-t="skip"></a>
${SIDE}
${MAIN}
<dialog id="dialog" aria-labelledby="dialog-title"></dialog>
<p id="said" class="unseen" aria-live="polite"></p>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
