import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { type CommandResult, usage } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';

const resultSchema = z.object({
  status: z.string(),
  code: z.string(),
  cause: z.optional(z.string()),
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
  const why = [result.code, result.cause].filter((part) => part !== undefined && part !== '').join(', ');
  const lines = [
    `${name}: ${result.status} [${why}] ${result.latencyMs} ms`,
    ...(result.fix === undefined ? [] : [`  ${result.fix}`]),
  ];
  return { exitCode: result.status === 'delivered' ? 0 : 1, out: `${lines.join('\n')}\n`, err: '' };
};
