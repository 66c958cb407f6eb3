import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { SandboxParts } from '../../shared/local/sandbox/provider.ts';
import { createProviders } from '../../shared/local/sandbox/providers.ts';
import { openWatched } from './chromium.ts';
import { addSample, type Sample, sampleProviders } from './sample-messages.ts';
import { type SandboxServer, startSandbox } from './sandbox-server.ts';

/** Half past noon, UTC, on a Wednesday. */
const START_MS = Date.UTC(2026, 10, 25, 12, 30, 0);

const ROBOT = 'ops-robot-0123456789';

/** A sandbox with one open page, and words for what tests do with them. */
export interface PageWorld extends SandboxServer {
  page: Page;
  incidents: string[];
  clock: { at: number; nowMs(): number };
  /** Token of the robot that {@link PageWorld.ding} sends to. */
  robot: string;
  /** Sends a DingTalk text or message; gives the answer. */
  ding(message: string | object, token?: string): Promise<unknown>;
  /** Records a message of a provider that is not called. */
  sample(sample: Sample): void;
  /** The message at that place in the stream, from 0; negative ones count from the newest. */
  row(index: number): Locator;
  place(name: string): Locator;
  close(): Promise<void>;
}

/** Starts a sandbox, prepares it, and opens its page. */
export const openPageWorld = async (
  browser: Browser,
  {
    query = '?lang=en',
    prepare = async () => {},
    ...options
  }: BrowserContextOptions & { query?: string; prepare?: (world: Omit<PageWorld, 'page'>) => Promise<void> } = {},
): Promise<PageWorld> => {
  const clock = { at: START_MS, nowMs: () => clock.at };
  const held: SandboxParts[] = [];
  const server = await startSandbox({
    clock,
    wait: async () => {},
    providers: (parts) => {
      held.push(parts);
      return [...createProviders(parts), ...sampleProviders()];
    },
  });
  const ding = (message: string | object, token = ROBOT): Promise<unknown> =>
    server.send(
      `/sandbox/dingtalk/robot/send?access_token=${token}`,
      typeof message === 'string' ? { msgtype: 'text', text: { content: message } } : message,
    );
  const sample = (each: Sample): void => {
    for (const parts of held) addSample(parts, each);
  };
  const closed = { row: missing, place: missing, incidents: [], close: server.close };
  await prepare({ ...server, ...closed, clock, robot: ROBOT, ding, sample });
  const { page, incidents, close } = await openWatched(browser, `${server.url}/sandbox${query}`, options);
  return {
    ...server,
    page,
    incidents,
    clock,
    robot: ROBOT,
    ding,
    sample,
    row: (index) => page.locator('#stream .row').nth(index),
    place: (name) => page.locator('.place', { hasText: name }),
    close: async () => {
      await close();
      await server.close();
    },
  };
};

const missing = (): never => {
  throw new Error('there is no page yet');
};
