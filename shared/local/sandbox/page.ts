import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/** The page loads nothing and speaks only to its own host. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** One self-contained page that shows what each group would see, with the provider's answer beside each message. */
export const SANDBOX_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fenghuo sandbox</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<nav>
<h1>Fenghuo <small data-t="sandbox"></small></h1>
<ul id="groups"></ul>
<footer><button id="clear" type="button" data-t="clear"></button><p data-t="hint"></p></footer>
</nav>
<main id="chat" aria-live="polite"></main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
