import type { Language } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import { type TestCall, type TestResult, testResultSchema } from '../domain/test-call.ts';
import { InvokerError } from '../ports/invoker.ts';
import type { ConsolePorts } from './console-ports.ts';

/** A mail takes up to 30 s, and a function that sleeps some more to wake up. */
const TIMEOUT_MS = 50_000;

const NOT_ASKED: Bilingual = {
  zh: '无法调用该渠道的投递函数，未发送任何内容。请查看控制台函数是否有权调用它（fc:InvokeFunction），以及它是否已部署。',
  en: 'The delivery function of this channel could not be called, so nothing was sent. Look at whether the console may invoke it (fc:InvokeFunction), and at whether it is deployed.',
};

const NO_ANSWER: Bilingual = {
  zh: '该渠道的投递函数没有给出结果，测试消息可能已发出也可能未发出。请查看该函数的日志。',
  en: 'The delivery function of this channel gave no result; the test message may have been sent or not. Look at its log.',
};

const withoutResult = ({ code, sent }: InvokerError, language: Language): TestResult => ({
  status: sent === 'no' ? 'refused' : 'ambiguous',
  code,
  cause: 'other',
  fix: (sent === 'no' ? NOT_ASKED : NO_ANSWER)[language],
  latencyMs: 0,
});

/**
 * Asks the delivery function of a channel to send a test message now. Undefined when this deployment does not have the channel: it is not
 * among those that were named, or its function is not there.
 */
export const askForTest = async (
  { invoker, deployed }: Pick<ConsolePorts, 'invoker' | 'deployed'>,
  channel: string,
  call: TestCall,
): Promise<TestResult | undefined> => {
  if (!deployed.has(channel)) return undefined;
  try {
    const answer = await invoker.invoke({ function: `deliver-${channel}`, event: call, timeoutMs: TIMEOUT_MS });
    return testResultSchema.parse(answer);
  } catch (error) {
    if (!(error instanceof InvokerError)) throw error;
    return error.code === 'function-not-found' ? undefined : withoutResult(error, call.language);
  }
};
