import { headerOf, type SandboxRequest } from './answer.ts';
import { readSlackMessage, type SlackReading } from './slack-message.ts';

/** About one message a second for a channel. Source: docs.slack.dev, rate limits. Short bursts pass there; here the limit is exact. */
const WINDOW_MS = 1_000;

/** Secrets of webhooks that were removed. */
const DEAD_PREFIX = 'dead-';

/** Status of each code. Source: docs.slack.dev, handling errors of incoming webhooks; api.slack.com, changelog of 2016-05-17. */
const STATUSES: Readonly<Record<string, number>> = {
  action_prohibited: 403,
  invalid_token: 403,
  posting_to_general_channel_denied: 403,
  team_disabled: 403,
  channel_not_found: 404,
  no_service: 404,
  no_service_id: 404,
  no_team: 404,
  no_active_hooks: 404,
  channel_is_archived: 410,
  rate_limited: 429,
  ratelimited: 429,
  rollup_error: 500,
  service_unavailable: 503,
};

/** The HTTP status that goes with a code; 400 for those that object to the message. */
export const statusOfCode = (code: string): number => STATUSES[code] ?? 400;

/** Name and state of one fake webhook. */
export interface HookSettings {
  /** For people: the channel. */
  name?: string | undefined;
  /** The webhook is switched off. */
  disabled?: boolean | undefined;
  /** Its channel is archived. */
  archived?: boolean | undefined;
}

/** One fake webhook: its state, and when a message was admitted last. */
export class SlackHook {
  settings: HookSettings = {};
  #lastMs = Number.NEGATIVE_INFINITY;

  /** False within a second of the last call that was admitted; whether refused calls count is not documented, here they do not. */
  admit(nowMs: number): boolean {
    if (nowMs - this.#lastMs < WINDOW_MS) return false;
    this.#lastMs = nowMs;
    return true;
  }
}

/** One call: where it goes, and what it brings. */
export interface HookCall {
  request: SandboxRequest;
  json: unknown;
  nowMs: number;
  team: string;
  hookId: string;
  secret: string;
  hook: SlackHook;
}

const checkAddress = ({ team, hookId, secret, hook }: HookCall): string | undefined => {
  if (!team.startsWith('T')) return 'no_team';
  if (!hookId.startsWith('B')) return 'no_service_id';
  if (secret.startsWith(DEAD_PREFIX)) return 'no_service';
  if (hook.settings.disabled) return 'no_active_hooks';
  return hook.settings.archived ? 'channel_is_archived' : undefined;
};

const isJson = (request: SandboxRequest): boolean =>
  request.method === 'POST' && headerOf(request, 'content-type').toLowerCase().includes('application/json');

/** The reading of a call, or the code of its refusal. The order of checks is ours: address, rate, JSON, text, blocks. */
export const judgeHookCall = (call: HookCall): SlackReading => {
  const wrong = checkAddress(call);
  if (wrong !== undefined) return { kind: 'refused', code: wrong };
  if (!call.hook.admit(call.nowMs)) return { kind: 'refused', code: 'rate_limited' };
  return isJson(call.request) ? readSlackMessage(call.json) : { kind: 'refused', code: 'invalid_payload' };
};
