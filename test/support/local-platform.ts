import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalPlatform, type LocalPlatformOptions, openLocalPlatform } from '../../shared/adapters/local/open.ts';
import { FakeClock } from './fake-clock.ts';

/** An embedded platform in a directory of its own, with a clock that only the test moves. */
export interface TestPlatform extends LocalPlatform {
  dataDir: string;
  clock: FakeClock;
}

/** A directory that exists only for one test. */
export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'fenghuo-store-'));

/** Opens the embedded platform; without `dataDir` it gets a fresh directory that goes away with it. */
export const openTestPlatform = async (options: Partial<LocalPlatformOptions> = {}): Promise<TestPlatform> => {
  const dataDir = options.dataDir ?? temporaryDirectory();
  const clock = new FakeClock();
  const platform = await openLocalPlatform({ clock, timers: clock, ...options, dataDir });
  const close = async () => {
    await platform.close();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true });
  };
  return { ...platform, dataDir, clock, close };
};

/** Resolves when the condition holds; turns the event loop meanwhile. The test runner's own limit ends it otherwise. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};
