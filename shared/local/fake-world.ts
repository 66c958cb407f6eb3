import { systemClock } from '../runtime/system-clock.ts';
import type { HostEnvironment } from './environment.ts';
import type { Sandbox } from './sandbox/index.ts';
import type { SandboxMail } from './sandbox/mail-server.ts';

/** The fake providers, with the mail server among them running. */
export interface FakeWorld {
  sandbox: Sandbox;
  mail: SandboxMail;
}

/** Starts the fake providers beside a host that listens on `port`; undefined when they are switched off. */
export const startFakeWorld = async (environment: HostEnvironment, port: number): Promise<FakeWorld | undefined> => {
  if (!environment.sandbox) return undefined;
  // Only now: a host without fake providers need not carry them in its memory.
  const { createSandbox } = await import('./sandbox/index.ts');
  const sandbox = createSandbox({ clock: systemClock });
  return { sandbox, mail: await sandbox.startMail(port + 1) };
};
