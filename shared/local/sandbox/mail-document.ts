import * as z from 'zod/mini';
import { failure, type SandboxRequest, type SandboxResponse } from './answer.ts';
import type { MessageLog } from './message-log.ts';

const PATH = /^\/sandbox\/mail\/(\d+)$/;

/**
 * What the HTML of a mail may do: show itself with its own styles and its embedded pictures. `sandbox` holds even when the address is
 * opened by itself. A document of its own and not `srcdoc`, which would live under the policy of the page: either the styles of the
 * mail were forbidden there or inline styles had to be allowed to the page.
 */
const MAIL_POLICY = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** The page itself repeats the policy for readers that know no headers; links open beside it. */
const HEAD = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><base target="_blank">`;

const requestSchema = z.object({ html: z.string() });

/** Tags that act without a script, and before any policy is asked: they lead elsewhere or open connections in advance. */
const LEADS = 'link|meta|base';
const WHOLE_LEAD = new RegExp(`<(?:${LEADS})\\b[^>]{0,1000}>`, 'gi');
const START_OF_LEAD = new RegExp(`<(?=(?:${LEADS})\\b)`, 'gi');

/** What is left after the first pass, or put together by it, becomes a tag that nobody knows. */
const withoutLeads = (html: string): string => html.replace(WHOLE_LEAD, '').replace(START_OF_LEAD, '<x-');

/** The HTML part of the mail at `/sandbox/mail/<id>`, unable to run or load anything; undefined for other paths. */
export const serveMail = (log: MessageLog, request: SandboxRequest): SandboxResponse | undefined => {
  const [, id] = PATH.exec(request.path) ?? [];
  if (id === undefined) return undefined;
  const mail = requestSchema.safeParse(log.find(Number(id))?.request);
  if (!mail.success) return failure(404, 'not-found', 'the sandbox has no mail with this number');
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': MAIL_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'cache-control': 'no-store',
  };
  return { status: 200, headers, body: HEAD + withoutLeads(mail.data.html) };
};
