import * as z from 'zod/mini';
import { headerOf, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import type { FaultCode } from './faults.ts';
import type { SandboxMessage } from './message-log.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';
import { SeenKeys } from './seen-keys.ts';
import { webhookHtml } from './webhook-html.ts';
import { webhookSightOf, webhookValueOf } from './webhook-message.ts';
import { signatureProblem } from './webhook-signature.ts';

const PROVIDER = 'webhook';
const PATH = /^\/sandbox\/webhook\/([^/]+)$/;

const settingsSchema = z.strictObject({
  name: z.optional(z.string()),
  /** Signature secret; none: signatures are not checked. */
  secret: z.optional(z.string()),
  /** The receiver is gone for good. */
  gone: z.optional(z.boolean()),
});

type Settings = z.infer<typeof settingsSchema>;

interface Refusal {
  status: number;
  message: string;
}

const faultOf = (fault: FaultCode): Refusal => {
  const status = fault.status ?? Number(fault.code);
  return {
    status: Number.isInteger(status) && status >= 200 && status <= 599 ? status : 500,
    message: fault.message ?? 'fault of the sandbox',
  };
};

/** A fake receiver of webhooks: takes POST and GET in every format, recognises a repeated `webhook-id`, checks signatures when it has a secret. */
export class FakeWebhook implements FakeProvider {
  readonly name = PROVIDER;
  readonly #parts: SandboxParts;
  readonly #seen = new SeenKeys();
  readonly #settings = new Map<string, Settings>();

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  targetOf(request: SandboxRequest): string | undefined {
    return PATH.exec(request.path)?.[1];
  }

  /** Replaces the settings of a receiver. */
  configure(name: string, settings: unknown): string | undefined {
    const parsed = settingsSchema.safeParse(settings);
    if (!parsed.success) return z.prettifyError(parsed.error);
    this.#settings.set(name, parsed.data);
    return undefined;
  }

  html(message: SandboxMessage): string {
    return webhookHtml(message.request);
  }

  /** Answers one call for the receiver of that name and records it. */
  serve(request: SandboxRequest, name: string): Served {
    const knobs = this.#parts.faults;
    const faults = knobs.for({ provider: PROVIDER, target: name });
    const fault = knobs.strike(faults);
    const refusal = fault === undefined ? this.#refusal(request, name) : faultOf(fault);
    const status = refusal?.status ?? 200;
    const response = json(status, status < 300 ? { received: true } : { message: refusal?.message });
    if (fault !== undefined && faults?.retryAfter !== undefined) {
      response.headers['retry-after'] = String(faults.retryAfter);
    }
    return this.#record(request, name, response);
  }

  #refusal(request: SandboxRequest, name: string): Refusal | undefined {
    if (request.method !== 'POST' && request.method !== 'GET') return { status: 405, message: 'use POST or GET' };
    const { secret = '', gone } = this.#settings.get(name) ?? {};
    if (gone) return { status: 410, message: 'gone' };
    const problem = secret === '' ? undefined : signatureProblem(request, secret, this.#parts.clock.nowMs());
    return problem === undefined ? undefined : { status: 401, message: problem };
  }

  #record(request: SandboxRequest, name: string, response: SandboxResponse): Served {
    const { status } = response;
    const accepted = status < 300;
    const id = headerOf(request, 'webhook-id');
    const repeated = accepted && this.#seen.repeats(id === '' ? '' : `${name} ${id}`);
    const value = webhookValueOf(request);
    const { title, lines } = webhookSightOf(value);
    const message = this.#parts.log.add(name, {
      provider: PROVIDER,
      target: name,
      name: this.#settings.get(name)?.name ?? name,
      receivedAtMs: this.#parts.clock.nowMs(),
      request: value,
      title,
      text: lines.map((line) => `- ${line}`).join('\n'),
      answer: { status, body: JSON.parse(response.body), reset: false },
      shown: accepted && !repeated,
      idempotencyKey: id,
      repeated,
    });
    return { response, message };
  }
}
