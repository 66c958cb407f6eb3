import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Invoker } from '../../shared/ports/invoker.ts';
import type { ServedFunction } from '../support/fc-server.ts';

/** An invoker and the functions behind it, by their names without a prefix. */
export interface InvokerUnderTest {
  invoker: Invoker;
  close(): Promise<void>;
}

/** What every invoker promises. */
export const describeInvoker = (
  name: string,
  open: (functions: Readonly<Record<string, ServedFunction>>) => Promise<InvokerUnderTest>,
): void => {
  describe(`the invoker: ${name}`, () => {
    let under: InvokerUnderTest;
    let runs: number;

    beforeEach(async () => {
      runs = 0;
      under = await open({
        'deliver-echo': async (event) => {
          runs += 1;
          return { got: JSON.parse(event.toString('utf8')) };
        },
        'deliver-nothing': async () => null,
        'deliver-broken': async () => {
          runs += 1;
          throw new Error('broken at https://hooks.example/secret-path');
        },
        'deliver-slow': () => new Promise(() => undefined),
      });
    });
    afterEach(() => under.close());

    const invoke = (target: string, event: Record<string, unknown> = {}, timeoutMs = 20_000) =>
      under.invoker.invoke({ function: target, event, timeoutMs });

    it('hands over the event and gives back what the function returned, in every script', async () => {
      const event = { kind: 'test', key: 'dingtalk:警告😀', nested: [1, null, { a: '"' }] };
      expect(await invoke('deliver-echo', event)).toEqual({ got: event });
      expect(await invoke('deliver-nothing')).toBeNull();
      expect(runs).toBe(1);
    });

    it('says that a function is not there, and that nothing ran', async () => {
      await expect(invoke('deliver-absent')).rejects.toMatchObject({
        name: 'InvokerError',
        code: 'function-not-found',
        sent: 'no',
      });
    });

    it('says that a function failed, runs it once, and tells nothing of what it said', async () => {
      const error: unknown = await invoke('deliver-broken', { key: 'planted-key' }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'function-failed', sent: 'maybe' });
      expect(`${String(error)}${JSON.stringify(error)}`).not.toMatch(/secret-path|planted-key/);
      expect(runs).toBe(1);
    });

    it('ends after its time', async () => {
      await expect(invoke('deliver-slow', {}, 50)).rejects.toMatchObject({ code: 'time-out', sent: 'maybe' });
    });

    it('answers several calls at once', async () => {
      const answers = await Promise.all([1, 2, 3].map((n) => invoke('deliver-echo', { n })));
      expect(answers).toEqual([1, 2, 3].map((n) => ({ got: { n } })));
    });
  });
};
