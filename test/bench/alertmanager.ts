import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Contender, Scenario } from './contender.ts';
import { kindOf } from './events.ts';

/** Where Debian's package puts it. */
const BINARY = '/usr/bin/prometheus-alertmanager';
const READY_TIMEOUT_MS = 20_000;
const POLL_MS = 20;

/** Version of the installed Alertmanager, or undefined when there is none. */
export const alertmanagerVersion = (): string | undefined => {
  if (!existsSync(BINARY)) return undefined;
  const text = execFileSync(BINARY, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return /version (\S+)/.exec(text)?.[1]?.replace(/,$/, '') ?? 'unknown';
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const routesOf = (scenario: Scenario): object[] => {
  if (scenario.targets > 1) return numbers(scenario.targets).map((at) => ({ receiver: `r${at}`, continue: true }));
  if (scenario.kinds === 1 || scenario.interval !== undefined) return [];
  return numbers(scenario.kinds).map((index) => {
    const kind = kindOf(index);
    return {
      receiver: 'r0',
      continue: true,
      matchers: [`product="${kind.product}"`, `type="${kind.type}"`, 'level=~"CRITICAL|WARN"'],
    };
  });
};

/**
 * One notification for each alert (`group_by: ['...']`, no wait, intervals so long that nothing is sent again), or its own
 * merging mode (one group for each kind, flushed after a second and then every five). JSON is YAML.
 */
const configurationFor = (scenario: Scenario, sinkPort: number): object => ({
  route: {
    receiver: 'r0',
    group_by: scenario.interval === undefined ? ['...'] : ['product', 'type'],
    group_wait: scenario.interval === undefined ? '0s' : '1s',
    group_interval: scenario.interval === undefined ? '1h' : '5s',
    repeat_interval: '24h',
    routes: routesOf(scenario),
  },
  receivers: numbers(scenario.targets).map((at) => ({
    name: `r${at}`,
    webhook_configs: [{ url: `http://127.0.0.1:${sinkPort}/hook/${at}`, send_resolved: false }],
  })),
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const untilReady = async (url: string): Promise<void> => {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await wait(POLL_MS);
  }
  throw new Error(`Alertmanager was not ready within ${READY_TIMEOUT_MS} ms`);
};

/** Debian's Alertmanager in memory, without gossip, each time fresh. */
export const alertmanager: Contender = {
  name: 'alertmanager',
  start: async (scenario, sinkPort) => {
    const directory = await mkdtemp(join(tmpdir(), 'fenghuo-peer-'));
    const file = join(directory, 'alertmanager.yml');
    await writeFile(file, JSON.stringify(configurationFor(scenario, sinkPort)));
    const port = await freePort();
    const child = spawn(
      BINARY,
      [
        `--config.file=${file}`,
        `--storage.path=${directory}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const leaveNothing = (): void => {
      child.kill('SIGKILL');
    };
    process.once('exit', leaveNothing);
    const url = `http://127.0.0.1:${port}`;
    const stop = async (): Promise<void> => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      process.off('exit', leaveNothing);
      await rm(directory, { recursive: true, force: true });
    };
    await untilReady(url).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { pid: child.pid ?? 0, url, entrance: { form: 'alertmanager', port, path: '/api/v2/alerts' }, stop };
  },
};
