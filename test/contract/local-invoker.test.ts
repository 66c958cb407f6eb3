import { describe, expect, it } from 'vitest';
import type { FunctionBundles, FunctionName } from '../../shared/local/function-bundles.ts';
import { createLocalInvoker } from '../../shared/local/local-invoker.ts';
import type { ServedFunction } from '../support/fc-server.ts';
import { describeInvoker } from './invoker.suite.ts';

/** The names of real functions stand for those of the suite, because a host has no others. */
const STAND_INS: Readonly<Record<string, FunctionName>> = {
  'deliver-echo': 'deliver-email',
  'deliver-nothing': 'deliver-sms',
  'deliver-broken': 'deliver-voice',
  'deliver-slow': 'deliver-slack',
};

const bundlesOf = (functions: Readonly<Record<string, ServedFunction>>): FunctionBundles => {
  const byName = new Map(Object.entries(functions).map(([name, run]) => [STAND_INS[name] ?? name, run]));
  return (name) => async (event) => byName.get(name)?.(event);
};

describeInvoker('one machine', async (functions) => {
  const local = createLocalInvoker(bundlesOf(functions));
  const invoker: typeof local = {
    invoke: (call) => local.invoke({ ...call, function: STAND_INS[call.function] ?? call.function }),
  };
  return { invoker, close: async () => undefined };
});

describe('the invoker of one machine', () => {
  it('gives the function a context of its own name', async () => {
    const seen: unknown[] = [];
    const invoker = createLocalInvoker(() => async (event, context) => {
      seen.push([event.toString(), context.function?.name]);
    });
    expect(await invoker.invoke({ function: 'deliver-email', event: { kind: 'test' }, timeoutMs: 1_000 })).toBeNull();
    expect(seen).toEqual([['{"kind":"test"}', 'deliver-email']]);
  });
});
