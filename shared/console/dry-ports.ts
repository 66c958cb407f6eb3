import type { ChannelPorts } from '../channels/channel.ts';
import type { Clock } from '../ports/clock.ts';
import { HttpError } from '../ports/http-client.ts';
import { MailError } from '../ports/mail-transport.ts';
import { OpenApiError } from '../ports/openapi.ts';
import type { TableStore } from '../ports/table-store.ts';

const DRY = { code: 'DRYRUN', sent: 'no', message: 'a dry run sends nothing' } as const;

/** Parameters of the phone services that hold the number. */
const NUMBERS: ReadonlySet<string> = new Set(['PhoneNumbers', 'To', 'CalledNumber']);

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const recordingStore = (messages: unknown[]): TableStore => ({
  get: () => Promise.resolve(undefined),
  getMany: (keys) => Promise.resolve(keys.map(() => undefined)),
  range: () => Promise.resolve([]),
  scan: () => Promise.resolve([]),
  write: (ops) => {
    // The mark that a message is unread says nothing.
    for (const op of ops) if (op.kind === 'put' && op.body !== '{}') messages.push(parsed(op.body));
    return Promise.resolve(ops.map(() => ({ applied: true, version: 1 })));
  },
});

/** Ports that keep what a channel would send, without addresses and credentials, and let nothing out. */
export const dryPorts = (clock: Clock): { ports: ChannelPorts; messages: unknown[] } => {
  const messages: unknown[] = [];
  const ports: ChannelPorts = {
    clock,
    store: recordingStore(messages),
    http: {
      // The address is a secret, so only the body is kept.
      send: ({ body }) => {
        messages.push(parsed(body ?? ''));
        return Promise.reject(new HttpError(DRY));
      },
    },
    mail: {
      send: ({ mail: { subject, text } }) => {
        messages.push({ subject, text });
        return Promise.reject(new MailError(DRY));
      },
    },
    openapi: {
      call: ({ action, params }) => {
        const told = Object.entries(params).filter(([name]) => !NUMBERS.has(name));
        messages.push({ action, ...Object.fromEntries(told) });
        return Promise.reject(new OpenApiError(DRY));
      },
    },
  };
  return { ports, messages };
};
