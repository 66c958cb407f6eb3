import { systemTimers } from '../adapters/local/timers.ts';
import { type Invocation, type Invoker, InvokerError } from '../ports/invoker.ts';
import { deadlineIn } from '../runtime/deadline.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { callContext, FUNCTION_NAMES, type FunctionBundles } from './function-bundles.ts';

const TIMERS = { clock: systemClock, timers: systemTimers(systemClock) };

const notFound = (): InvokerError =>
  new InvokerError({ code: 'function-not-found', sent: 'no', message: 'there is no such function' });

const failed = (): InvokerError =>
  new InvokerError({ code: 'function-failed', sent: 'maybe', message: 'the function ended with an error' });

const late = (): InvokerError => new InvokerError({ code: 'time-out', sent: 'maybe', message: 'no answer in time' });

const run = async (functions: FunctionBundles, { function: name, event }: Invocation): Promise<unknown> => {
  const known = FUNCTION_NAMES.find((one) => one === name);
  if (known === undefined) throw notFound();
  try {
    return await functions(known)(Buffer.from(JSON.stringify(event)), callContext(known));
  } catch {
    // The function has written to the log what it was.
    throw failed();
  }
};

/** An invoker for one machine: calls the handler of the bundle that would be deployed, in this very thread. */
export const createLocalInvoker = (functions: FunctionBundles): Invoker => ({
  invoke: async (invocation) => {
    const result = await deadlineIn(invocation.timeoutMs, TIMERS).race(run(functions, invocation));
    if (result === 'late') throw late();
    return JSON.parse(JSON.stringify(result ?? null));
  },
});
