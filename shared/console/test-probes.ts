import type { Language } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import type { Method } from '../domain/settings.ts';
import type { Target } from '../domain/target.ts';
import type { TestResult } from '../domain/test-call.ts';

/** Sends one test message; undefined when the channel is not deployed. */
export type SendTest = (probe: Probe, language: Language) => Promise<TestResult | undefined>;

/** One address to try; `target` is that of the whole pool. */
export interface Probe {
  method: Method;
  /** Place in the pool, from 2 on; absent for the first robot and for what has no pool. */
  robot?: number;
  target: Target;
}

type MethodResult = Pick<Probe, 'method' | 'robot'> & TestResult;

const NOT_DEPLOYED: Bilingual = {
  zh: '该部署没有这个渠道，未发送任何内容。请部署该渠道，或在联系人中去掉此方式。',
  en: 'This deployment does not have this channel, so nothing was sent. Deploy the channel, or take the method out of the contact.',
};

/** What a test of a target tries: its address, and each further robot of its pool, because one of several may be broken. */
export const probesOf = (method: Method, target: Target | undefined): Probe[] => {
  if (target === undefined) return [];
  const further = (target.pool ?? []).slice(1).map((_, at) => ({ method, robot: at + 2, target }));
  return [{ method, target }, ...further];
};

const resultOf = async (send: SendTest, probe: Probe, language: Language) => {
  const { method, robot } = probe;
  const result = await send(probe, language);
  return { by: robot === undefined ? { method } : { method, robot }, result, language };
};

/** The answer for the whole: delivered when everything was, else the first that was not; it took as long as the slowest. */
const whole = (methods: readonly MethodResult[]): TestResult | undefined => {
  const told = methods.find(({ status }) => status !== 'delivered') ?? methods[0];
  if (told === undefined) return undefined;
  const { method: _, robot: __, ...result } = told;
  return { ...result, latencyMs: Math.max(...methods.map(({ latencyMs }) => latencyMs)) };
};

/** Tries everything at the same time, cause and fix in the caller's language or else the recipient's; undefined when no channel of it is deployed. */
export const sendProbes = async (
  send: SendTest,
  probes: readonly Probe[],
  language: Language | undefined,
): Promise<(TestResult & { methods: MethodResult[] }) | undefined> => {
  const results = await Promise.all(probes.map((probe) => resultOf(send, probe, language ?? probe.target.language)));
  if (results.every(({ result }) => result === undefined)) return undefined;
  const methods = results.map(({ by, result, language: spoken }): MethodResult => {
    const missing = { status: 'refused', code: 'channel-not-deployed', cause: 'other', latencyMs: 0 } as const;
    return { ...by, ...(result ?? { ...missing, fix: NOT_DEPLOYED[spoken] }) };
  });
  const sum = whole(methods);
  return sum === undefined ? undefined : { ...sum, methods };
};
