import type { HttpClient, HttpResponse } from '../../ports/http-client.ts';
import { postJson } from '../robot-post.ts';
import { codeIn } from './reply.ts';
import { ruleFor } from './reply-table.ts';
import type { Signature } from './sign.ts';

/** These answers come only from a bot that exists. Source: answers to incomplete bodies, in the order of checks that bots were seen to keep. */
const ALIVE_CODES: ReadonlySet<string> = new Set(['19002', '19021', '19022', '19024']);

const verdictOf = (response: HttpResponse): 'alive' | 'dead' | 'unknown' => {
  const code = codeIn(response);
  const rule = ruleFor(code, response.body);
  if (rule?.verdict === 'dead') return 'dead';
  return ALIVE_CODES.has(code) || (code === '9499' && rule?.cause === 'format') ? 'alive' : 'unknown';
};

/** One call with a body that cannot become a message. */
interface ProbeCall {
  url: string;
  signature: Signature;
  timeoutMs: number;
}

/** Whether a bot lives, found out with a body that has no message type: nobody sees anything. */
export const probeHook = async (
  http: HttpClient,
  { url, signature, timeoutMs }: ProbeCall,
): Promise<'alive' | 'dead' | 'unknown'> => {
  try {
    return verdictOf(await postJson(http, { url, body: signature, timeoutMs }));
  } catch {
    return 'unknown';
  }
};
