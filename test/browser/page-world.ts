import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { SandboxOptions } from '../../shared/local/sandbox/index.ts';
import { openWatched } from './chromium.ts';
import { type SandboxServer, startSandbox } from './sandbox-server.ts';

/** Half past noon, UTC, on a Wednesday. */
const START_MS = Date.UTC(2026, 10, 25, 12, 30, 0);

/** Token of the robot that tests send to. */
export const ROBOT = 'ops-robot-0123456789';

/** A sandbox with a clock that a test moves, and words for what tests do with it. */
interface SenderWorld extends SandboxServer {
  clock: { at: number; nowMs(): number };
  /** Sends a DingTalk text or message; gives the answer. */
  ding(message: string | object, token?: string): Promise<unknown>;
  /** Calls the API of the sandbox. */
  api(method: string, path: string, json?: unknown): Promise<unknown>;
}

/** The same with one open page. */
export interface PageWorld extends SenderWorld {
  page: Page;
  incidents: string[];
  /** The message at that place in the stream, from 0. */
  row(index: number): Locator;
  place(name: string): Locator;
}

/** What to open, and what happens before. */
export interface PageWorldOptions extends BrowserContextOptions {
  query?: string;
  prepare?: (world: SenderWorld) => Promise<unknown>;
  sandbox?: Partial<SandboxOptions>;
}

const openSenderWorld = async (options: Partial<SandboxOptions>): Promise<SenderWorld> => {
  const clock = { at: START_MS, nowMs: () => clock.at };
  const server = await startSandbox({ clock, wait: async () => {}, ...options });
  return {
    ...server,
    clock,
    ding: (message, token = ROBOT) =>
      server.send(
        `/sandbox/dingtalk/robot/send?access_token=${token}`,
        typeof message === 'string' ? { msgtype: 'text', text: { content: message } } : message,
      ),
    api: async (method, path, json) => {
      const body = json === undefined ? null : JSON.stringify(json);
      return (await fetch(`${server.url}/sandbox/api/${path}`, { method, body })).json();
    },
  };
};

/** Starts a sandbox, prepares it, and opens its page. */
export const openPageWorld = async (
  browser: Browser,
  { query = '?lang=en', prepare, sandbox = {}, ...options }: PageWorldOptions = {},
): Promise<PageWorld> => {
  const world = await openSenderWorld(sandbox);
  await prepare?.(world);
  const { page, incidents, close } = await openWatched(browser, `${world.url}/sandbox${query}`, options);
  return {
    ...world,
    page,
    incidents,
    row: (index) => page.locator('#stream .row').nth(index),
    place: (name) => page.locator('.place', { hasText: name }),
    close: async () => {
      await close();
      await world.close();
    },
  };
};
