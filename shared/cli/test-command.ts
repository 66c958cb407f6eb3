import * as z from 'zod/mini';
import { CAUSES, type Language } from '../domain/delivery.ts';
import { type CommandResult, usage } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { causeText, statusText } from './status-text.ts';

const resultSchema = z.object({
  status: z.string(),
  code: z.string(),
  cause: z.optional(z.enum(CAUSES)),
  fix: z.optional(z.string()),
  latencyMs: z.number(),
});

const KINDS: Readonly<Record<string, string>> = { contact: 'contacts', chatbot: 'chatbots' };

/** Sends a test message and prints what the provider made of it; exit code 1 unless it was delivered. */
export const testCommand = async (
  words: readonly string[],
  language: Language,
  host: HostClient,
): Promise<CommandResult> => {
  const [kind = '', name, ...rest] = words;
  const folder = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (folder === undefined || name === undefined || rest.length > 0)
    throw usage('test takes "contact NAME" or "chatbot NAME".');
  const path = `/api/${folder}/${encodeURIComponent(name)}/test`;
  const answer = await expectOk(host({ method: 'POST', path, body: JSON.stringify({ language }) }));
  const result = resultSchema.parse(answer.value);
  const lines = [
    `${name}: ${statusText(result.status, language)}${causeText(result, language)} ${result.latencyMs} ms`,
    ...(result.fix === undefined ? [] : [`  ${result.fix}`]),
  ];
  return { exitCode: result.status === 'delivered' ? 0 : 1, out: `${lines.join('\n')}\n`, err: '' };
};
