import { createDispatch } from '../../shared/local/dispatch.ts';
import { closeFront, createFront, listen } from '../../shared/local/http-front.ts';
import { createSandbox } from '../../shared/local/sandbox/index.ts';
import type { SandboxMail } from '../../shared/local/sandbox/mail-server.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';

/** Where the fake providers of the sandbox listen. */
export interface ChannelProviders {
  /** Begin of every URL. */
  base: string;
  mail: Pick<SandboxMail, 'host' | 'port' | 'certificate'>;
}

const HOST = '127.0.0.1';

const noFunctions = (): never => {
  throw new Error('only the sandbox is served here');
};

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };

/** Starts the fake providers behind the HTTP front of the one-machine host, and their mail server, on free ports. */
export const openChannelProviders = async (): Promise<ChannelProviders & { close(): Promise<void> }> => {
  const sandbox = createSandbox({ clock: systemClock });
  const front = createFront(createDispatch({ functions: noFunctions, sandbox, token: '' }), silent);
  const port = await listen(front, { host: HOST, port: 0 });
  const { close: closeMail, ...mail } = await sandbox.startMail();
  return {
    base: `http://${HOST}:${port}`,
    mail,
    close: async () => {
      await closeFront(front);
      await closeMail();
    },
  };
};
