import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DIST } from './built.ts';
import { ROOT } from './source-files.ts';

const HOST_ENTRY = join(DIST, 'local/main.js');
/** How `npm start` runs node: what is measured and killed here is what users run. */
const START = /exec env (.*) node (.*) dist\/local\/main\.js/.exec(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const NODE_ENVIRONMENT = Object.fromEntries((START?.[1] ?? '').split(' ').map((pair) => pair.split('=')));
const NODE_ARGUMENTS = (START?.[2] ?? '').split(' ');
const READY_TIMEOUT_MS = 20_000;
const READY_POLL_MS = 15;
const STOP_TIMEOUT_MS = 15_000;
const KEPT_OUTPUT_CHARS = 20_000;
/** Clock ticks a second in /proc: USER_HZ is 100 on every Linux platform that Node runs on (man 5 proc_pid_stat). */
const TICKS_PER_SECOND = 100;

/** What a host is started with; `settings` becomes its settings file. */
export interface HostOptions {
  dataDir: string;
  settings: unknown;
  env?: Readonly<Record<string, string>>;
  /** Gets everything that the host prints, of which `output` keeps only the end. */
  onOutput?: (text: string) => void;
}

/** A host that left before it was ready, or was not ready in time; the message carries the end of its output. */
class HostStartError extends Error {
  readonly code = 'host-start';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostStartError';
  }
}

/** Memory of a process in bytes: now, and the most it ever had. */
export interface MemoryUse {
  rssBytes: number;
  peakBytes: number;
}

/** A one-machine host in a process of its own. */
export interface HostProcess {
  pid: number;
  token: string;
  /** Resolves with the address when /readyz says ready; rejects with HostStartError. */
  ready: Promise<string>;
  /** Resolves when the process is gone. */
  exited: Promise<number | null>;
  output(): string;
  /** kill -9; the signal is on its way when this returns, the promise resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code, after a kill -9 when it takes longer than 15 s. */
  stop(): Promise<number | null>;
  /** A new host on the same data directory with the same settings; call it when this one is gone. */
  again(): HostProcess;
}

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

/** CPU time that a process and all its threads have used, in milliseconds; 0 where there is no /proc. */
export const cpuMsOf = (pid: number): number => {
  const text = readProc(pid, 'stat');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / TICKS_PER_SECOND;
};

const kibOf = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);

/** Memory of a process; zeros where there is no /proc. */
export const memoryOf = (pid: number): MemoryUse => {
  const status = readProc(pid, 'status');
  return { rssBytes: kibOf(status, 'VmRSS') * 1024, peakBytes: kibOf(status, 'VmHWM') * 1024 };
};

const isReady = async (url: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/readyz`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
};

interface Running {
  child: ChildProcess;
  exited: Promise<number | null>;
  output(): string;
}

const untilReady = async ({ child, output }: Running): Promise<string> => {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0];
    if (url !== undefined && (await isReady(url))) return url;
    await wait(READY_POLL_MS);
  }
  const how = child.exitCode ?? child.signalCode ?? `not ready within ${READY_TIMEOUT_MS} ms`;
  throw new HostStartError(`the host did not start (${how}): ${output().slice(-2_000)}`);
};

const run = (options: HostOptions, token: string): Running => {
  mkdirSync(options.dataDir, { recursive: true });
  const settingsFile = join(options.dataDir, 'settings-of-test.json');
  if (!existsSync(settingsFile)) writeFileSync(settingsFile, JSON.stringify(options.settings));
  const child = spawn(process.execPath, [...NODE_ARGUMENTS, HOST_ENTRY], {
    cwd: options.dataDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...NODE_ENVIRONMENT,
      PATH: process.env.PATH ?? '',
      FENGHUO_PORT: '0',
      FENGHUO_DATA_DIR: join(options.dataDir, 'store'),
      FENGHUO_TOKEN: token,
      FENGHUO_SETTINGS: settingsFile,
      FENGHUO_WEBHOOK_ALLOW: '127.0.0.1/32',
      FENGHUO_SANDBOX: 'off',
      ...options.env,
    },
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-KEPT_OUTPUT_CHARS);
    options.onOutput?.(chunk.toString('utf8'));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('exit', (code) => resolve(code));
  });
  return { child, exited, output: () => text };
};

/** Starts the built host on a free port; the process exists when this returns, its address comes with `ready`. */
export const startHost = (options: HostOptions): HostProcess => {
  const token = 'token-of-the-tests-0123456789';
  const running = run(options, token);
  const { child, exited } = running;
  const ready = untilReady(running);
  // Whoever waits for it sees the rejection; a host that is killed while it starts has nobody waiting.
  ready.catch(() => undefined);
  const leaveNothing = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', leaveNothing);
  exited.then(() => process.off('exit', leaveNothing));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    pid: child.pid ?? 0,
    token,
    ready,
    exited,
    output: running.output,
    kill,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      return exited.finally(() => clearTimeout(timer));
    },
    again: () => startHost(options),
  };
};
