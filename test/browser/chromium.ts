import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from 'playwright-core';

const PATHS = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'];

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** There is no browser to test with. */
class ChromiumMissingError extends Error {
  readonly code = 'chromium-missing';
  constructor() {
    super(
      "The browser tests need Chromium: install it (on Debian 'apt-get install chromium') or name one in CHROMIUM_PATH.",
    );
    this.name = 'ChromiumMissingError';
  }
}

/** Starts the Chromium of the system. Throws {@link ChromiumMissingError}. */
export const launchChromium = async (): Promise<Browser> => {
  const executablePath = PATHS.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) throw new ChromiumMissingError();
  return chromium.launch({ executablePath, args: ARGUMENTS, headless: true });
};

/** A page that is watched: whatever would show that foreign content ran or went somewhere is written down. */
export interface Watched {
  page: Page;
  /** Dialogs, errors, popups and requests to other places than `origin`; a sound page leaves it empty. */
  incidents: string[];
  close(): Promise<void>;
}

/** Opens a page in a context of its own and watches it. */
export const openWatched = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
  const { origin } = new URL(url);
  const incidents: string[] = [];
  const noteForeign = (request: Request): void => {
    // What a policy stopped inside the browser never left it.
    const isStopped = request.failure()?.errorText === 'csp';
    if (!isStopped && new URL(request.url()).origin !== origin) incidents.push(`request ${request.url()}`);
  };
  context.on('requestfinished', noteForeign);
  context.on('requestfailed', noteForeign);
  context.on('dialog', (dialog) => {
    incidents.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('weberror', (error) => incidents.push(`error ${error.error().message}`));
  const page = await context.newPage();
  context.on('page', (opened) => incidents.push(`popup ${opened.url()}`));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.text().startsWith('HOSTILE')) incidents.push(`console ${message.text()}`);
  });
  await page.goto(url);
  return { page, incidents, close: () => context.close() };
};

/** Keeps a picture of the page in the folder that FENGHUO_SCREENSHOTS names; without one it does nothing. */
export const keepPicture = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.FENGHUO_SCREENSHOTS;
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
};
