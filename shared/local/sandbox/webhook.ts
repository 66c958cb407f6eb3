import * as z from 'zod/mini';
import { bodyJson, headerOf, json, type SandboxRequest } from './answer.ts';
import type { FaultCode } from './faults.ts';
import { markdownHtml } from './markdown-html.ts';
import type { SandboxMessage } from './message-log.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';
import { SeenKeys } from './seen-keys.ts';

const PROVIDER = 'webhook';
const PATH = /^\/sandbox\/webhook\/([^/]+)$/;

/** As much of our own webhook body as the page shows; other bodies are shown by their JSON alone. */
const bodySchema = z.object({
  type: z.string(),
  data: z.object({
    digest: z.object({
      total: z.number(),
      top: z.array(
        z.object({ level: z.string(), title: z.object({ en: z.string() }), resource: z.object({ id: z.string() }) }),
      ),
    }),
  }),
});

const sightOf = (body: unknown): { title: string; text: string } => {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return { title: '', text: '' };
  const { type, data } = parsed.data;
  const lines = data.digest.top.map(({ level, title, resource }) => `- ${level}: ${title.en} ${resource.id}`);
  return { title: `${type} (${data.digest.total})`, text: lines.join('\n') };
};

const statusOf = (fault: FaultCode | undefined): number => {
  if (fault === undefined) return 200;
  const status = fault.status ?? Number(fault.code);
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : 500;
};

/** A fake receiver of webhooks: takes every POST, recognises a repeated `webhook-id`. */
export class FakeWebhook implements FakeProvider {
  readonly name = PROVIDER;
  readonly #parts: SandboxParts;
  readonly #seen = new SeenKeys();

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  targetOf(request: SandboxRequest): string | undefined {
    return PATH.exec(request.path)?.[1];
  }

  html(message: SandboxMessage): string {
    return markdownHtml(message.text);
  }

  /** Answers one call for the receiver of that name and records it. */
  serve(request: SandboxRequest, name: string): Served {
    const knobs = this.#parts.faults;
    const faults = knobs.for({ provider: PROVIDER, target: name });
    const fault = request.method === 'POST' ? knobs.strike(faults) : { code: 405, message: 'use POST' };
    const status = statusOf(fault);
    const response = json(
      status,
      status < 300 ? { received: true } : { message: fault?.message ?? 'fault of the sandbox' },
    );
    if (fault !== undefined && faults?.retryAfter !== undefined)
      response.headers['retry-after'] = String(faults.retryAfter);
    const accepted = status < 300;
    const id = headerOf(request, 'webhook-id');
    const repeated = accepted && this.#seen.repeats(id === '' ? '' : `${name} ${id}`);
    const body = bodyJson(request);
    const message = this.#parts.log.add(name, {
      provider: PROVIDER,
      target: name,
      name,
      receivedAtMs: this.#parts.clock.nowMs(),
      request: body ?? request.body.toString('utf8'),
      ...sightOf(body),
      answer: { status, body: JSON.parse(response.body), reset: false },
      shown: accepted && !repeated,
      idempotencyKey: id,
      repeated,
    });
    return { response, message };
  }
}
