import * as z from 'zod/mini';
import { CAUSES, type Language } from '../domain/delivery.ts';
import { type CommandResult, usage } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { causeText, statusText } from './status-text.ts';

const result = {
  status: z.string(),
  code: z.string(),
  cause: z.optional(z.enum(CAUSES)),
  fix: z.optional(z.string()),
  latencyMs: z.number(),
};
const methodSchema = z.object({ ...result, method: z.string(), robot: z.optional(z.number()) });
const resultSchema = z.object({ ...result, methods: z.optional(z.array(methodSchema)) });

type Result = Omit<z.infer<typeof resultSchema>, 'methods'>;

const linesOf = (name: string, result: Result, language: Language): string[] => [
  `${name}: ${statusText(result.status, language)}${causeText(result, language)} ${result.latencyMs} ms`,
  ...(result.fix === undefined ? [] : [`  ${result.fix}`]),
];

const KINDS: Readonly<Record<string, string>> = { contact: 'contacts', chatbot: 'chatbots' };

/** Sends test messages and prints what the provider made of each, a line a method; exit code 1 unless all were delivered. */
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
  const { methods = [], ...whole } = resultSchema.parse(answer.value);
  const lines =
    methods.length < 2
      ? linesOf(name, whole, language)
      : methods.flatMap(({ method, robot, ...one }) =>
          linesOf(`${name} ${method}${robot === undefined ? '' : ` ${robot}`}`, one, language),
        );
  return { exitCode: whole.status === 'delivered' ? 0 : 1, out: `${lines.join('\n')}\n`, err: '' };
};
