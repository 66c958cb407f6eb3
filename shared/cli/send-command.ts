import * as z from 'zod/mini';
import { type CommandResult, usage } from './command-result.ts';
import { type HostAnswer, type HostClient, refusalLines } from './host-client.ts';
import { readInput } from './input-file.ts';

const acceptedSchema = z.object({
  accepted: z.array(z.object({ id: z.string(), name: z.string(), duplicate: z.boolean() })),
  rejected: z.array(z.object({ index: z.number(), code: z.string(), message: z.string() })),
});

interface Sent {
  lines: string[];
  complete: boolean;
}

const describe = (file: string, { status, value }: HostAnswer): Sent => {
  if (status !== 202) return { lines: refusalLines(value).map((line) => `${file}: ${line}`), complete: false };
  const { accepted, rejected } = acceptedSchema.parse(value);
  const lines = accepted.map(({ id, name, duplicate }) => `${id}  ${name}${duplicate ? '  (known already)' : ''}`);
  const refusals = rejected.map(({ index, code, message }) => `${file}[${index}]: ${message} (${code})`);
  return { lines: [...lines, ...refusals], complete: rejected.length === 0 };
};

/** Sends each file as one call and prints the id of every event in it. */
export const sendCommand = async (words: readonly string[], host: HostClient): Promise<CommandResult> => {
  if (words.length === 0) throw usage('send takes one or more files with events.');
  const sent: Sent[] = [];
  // All are read first: with one that cannot be read, nothing is sent and the command can simply be repeated.
  for (const { name, text, contentType } of words.map(readInput)) {
    sent.push(describe(name, await host({ method: 'POST', path: '/ingest', body: text, contentType })));
  }
  const out = `${sent.flatMap(({ lines }) => lines).join('\n')}\n`;
  return { exitCode: sent.every(({ complete }) => complete) ? 0 : 1, out, err: '' };
};
