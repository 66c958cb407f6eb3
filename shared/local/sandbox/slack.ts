import * as z from 'zod/mini';
import { bodyJson, type SandboxRequest, type SandboxResponse } from './answer.ts';
import type { FaultCode } from './faults.ts';
import { maskToken, type SandboxMessage } from './message-log.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';
import { judgeHookCall, SlackHook, statusOfCode } from './slack-hook.ts';
import { slackHtml } from './slack-html.ts';
import type { SlackReading } from './slack-message.ts';

const PROVIDER = 'slack';
const PATH = /^\/sandbox\/slack\/services\/([^/]+)\/([^/]+)\/([^/]+)$/;

const settingsSchema = z.strictObject({
  name: z.optional(z.string()),
  disabled: z.optional(z.boolean()),
  archived: z.optional(z.boolean()),
});

const plainAnswer = (status: number, body: string): SandboxResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
});

const refusal = (code: string): SandboxResponse => {
  const response = plainAnswer(statusOfCode(code), code);
  if (response.status === 429) response.headers['retry-after'] = '1';
  return response;
};

const faultAnswer = (fault: FaultCode, retryAfter: number | string | undefined): SandboxResponse => {
  const code = String(fault.code);
  const byCode = /^[2-5]\d\d$/.test(code) ? Number(code) : statusOfCode(code);
  const response = plainAnswer(fault.status ?? byCode, fault.message ?? code);
  if (retryAfter !== undefined) response.headers['retry-after'] = String(retryAfter);
  return response;
};

const sightOf = (reading: SlackReading): { title: string; text: string } => {
  if (reading.kind === 'refused') return { title: '', text: '' };
  const header = reading.blocks.find((block) => block.type === 'header');
  return { title: header?.type === 'header' ? header.text.text : '', text: reading.text };
};

/** A fake Slack: any secret is a webhook unless it starts with `dead-`; webhooks keep the real rules with the real codes. */
export class FakeSlack implements FakeProvider {
  readonly name = PROVIDER;
  readonly #parts: SandboxParts;
  readonly #hooks = new Map<string, SlackHook>();

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  targetOf(request: SandboxRequest): string | undefined {
    return PATH.exec(request.path)?.[3];
  }

  /** Replaces the settings of a webhook; its last call stays. */
  configure(secret: string, settings: unknown): string | undefined {
    const parsed = settingsSchema.safeParse(settings);
    if (!parsed.success) return z.prettifyError(parsed.error);
    this.#hook(secret).settings = parsed.data;
    return undefined;
  }

  html(message: SandboxMessage): string {
    return slackHtml(message.request);
  }

  /** Answers one call of an incoming webhook and records it. */
  serve(request: SandboxRequest, secret: string): Served {
    const knobs = this.#parts.faults;
    const faults = knobs.for({ provider: PROVIDER, target: secret });
    const fault = knobs.strike(faults);
    if (fault !== undefined) {
      const response = faultAnswer(fault, faults?.retryAfter);
      return this.#record(request, { secret, response, title: '', text: '', shown: false });
    }
    const [, team = '', hookId = ''] = PATH.exec(request.path) ?? [];
    const nowMs = this.#parts.clock.nowMs();
    const hook = this.#hook(secret);
    const reading = judgeHookCall({ request, json: bodyJson(request), nowMs, team, hookId, secret, hook });
    const shown = reading.kind === 'message';
    const response = reading.kind === 'message' ? plainAnswer(200, 'ok') : refusal(reading.code);
    return this.#record(request, { secret, response, ...sightOf(reading), shown });
  }

  #hook(secret: string): SlackHook {
    const known = this.#hooks.get(secret);
    if (known !== undefined) return known;
    const hook = new SlackHook();
    this.#hooks.set(secret, hook);
    return hook;
  }

  #record(
    request: SandboxRequest,
    call: Pick<SandboxMessage, 'title' | 'text' | 'shown'> & { secret: string; response: SandboxResponse },
  ): Served {
    const { secret, response, ...seen } = call;
    const message = this.#parts.log.add(secret, {
      provider: PROVIDER,
      target: maskToken(secret),
      name: this.#hooks.get(secret)?.settings.name ?? '',
      receivedAtMs: this.#parts.clock.nowMs(),
      request: bodyJson(request) ?? request.body.toString('utf8'),
      answer: { status: response.status, body: response.body, reset: false },
      idempotencyKey: '',
      repeated: false,
      ...seen,
    });
    return { response, message };
  }
}
