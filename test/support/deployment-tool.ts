import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './source-files.ts';

/** What one resource was deployed with. */
interface Deployed {
  component: string;
  props: Record<string, unknown>;
}

/** Takes what the local components deploy, and makes up the outputs of the stack. */
export interface DeploymentSink {
  url: string;
  /** In the order in which it came. */
  deployed: Map<string, Deployed>;
  /** From now on this resource is refused. */
  refuse(name: string): void;
  close(): Promise<void>;
}

const outputsOf = ({ props }: Deployed): Record<string, string> => {
  const { Outputs = {} } = (props.template ?? {}) as { Outputs?: Record<string, unknown> };
  return Object.fromEntries(Object.keys(Outputs).map((name) => [name, `output-${name}`]));
};

export const openDeploymentSink = async (): Promise<DeploymentSink> => {
  const deployed = new Map<string, Deployed>();
  const refused = new Set<string>();
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const name = /^\/deployed\/([\w-]+)$/.exec(request.url ?? '')?.[1];
      if (request.method !== 'PUT' || name === undefined || refused.has(name)) {
        response.writeHead(400).end('not understood');
        return;
      }
      const value = JSON.parse(body) as Deployed;
      deployed.set(name, value);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(outputsOf(value)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deployed,
    refuse: (name) => refused.add(name),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** A home of the tool in which it neither reports its use nor looks for updates, so that it calls nobody. */
export const quietToolHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'fenghuo-tool-'));
  mkdirSync(join(home, '.s/config'), { recursive: true });
  writeFileSync(join(home, '.s/set-config.yml'), 'analysis: disable\n');
  writeFileSync(
    join(home, '.s/config/update-notifier.json'),
    JSON.stringify({ lastUpdateCheck: Number.MAX_SAFE_INTEGER }),
  );
  return home;
};

/** Less than a test may take. */
const TOOL_TIMEOUT_MS = 50_000;

/** How a command of the tool ended. */
export interface ToolRun {
  code: number | null;
  output: string;
}

/** Runs the pinned Serverless Devs, or another program, in a process of its own, with nothing of our variables but these. */
export const runTool = (
  words: readonly string[],
  { env, cwd = ROOT }: { env: Readonly<Record<string, string>>; cwd?: string },
): Promise<ToolRun> =>
  new Promise((resolve) => {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FENGHUO_'));
    const child = spawn(join(ROOT, 'node_modules/.bin', words[0] ?? ''), words.slice(1), {
      cwd,
      // One that is left behind when its test has given up takes a whole processor.
      timeout: TOOL_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      env: { ...Object.fromEntries(inherited), ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    child.on('close', (code) => resolve({ code, output }));
  });
