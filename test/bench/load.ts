import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type {
  GeneratorAnswer,
  GeneratorOrder,
  LoadPlan,
  LoadResult,
  ReceiverAnswer,
  ReceiverOrder,
  TotalOfPath,
  WatchPlan,
  WatchResult,
} from './load-messages.ts';

/** A load generator or sink that left before it answered. */
class LoadProcessError extends Error {
  readonly code = 'load-process';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LoadProcessError';
  }
}

/** The two processes around the system under test. */
export interface LoadRig {
  sinkPort: number;
  sinkPid: number;
  watch(plan: WatchPlan): Promise<void>;
  /** Builds the requests of the plan; the returned function sends them and resolves when all are answered. */
  prepare(plan: LoadPlan): Promise<() => Promise<LoadResult>>;
  /** Resolves when everything that is watched arrived, or after the time. */
  seen(timeoutMs: number): Promise<WatchResult>;
  /** Sums of the totals told on each path since a watch of nothing. */
  totals(): Promise<TotalOfPath[]>;
  close(): void;
}

type Answer = GeneratorAnswer | ReceiverAnswer;

const start = (file: URL): ChildProcess => fork(fileURLToPath(file), { serialization: 'advanced' });

const answerOf = <Name extends Answer['answer']>(
  child: ChildProcess,
  name: Name,
): Promise<Extract<Answer, { answer: Name }>> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (message: Answer): void => {
      if (message.answer !== name) return;
      stop();
      resolve(message as Extract<Answer, { answer: Name }>);
    };
    const onExit = (): void => {
      stop();
      reject(new LoadProcessError(`the process that should answer '${name}' is gone`));
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });

const ask = <Name extends Answer['answer']>(
  child: ChildProcess,
  order: GeneratorOrder | ReceiverOrder,
  name: Name,
): Promise<Extract<Answer, { answer: Name }>> => {
  const answer = answerOf(child, name);
  child.send(order);
  return answer;
};

/** Starts the load generator and the sink, each in a process of its own. */
export const openLoadRig = async (): Promise<LoadRig> => {
  const generator = start(new URL('./generator.ts', import.meta.url));
  const receiver = start(new URL('./receiver.ts', import.meta.url));
  const { port } = await answerOf(receiver, 'listening');
  return {
    sinkPort: port,
    sinkPid: receiver.pid ?? 0,
    watch: async (plan) => {
      await ask(receiver, { order: 'watch', plan }, 'watching');
    },
    prepare: async (plan) => {
      await ask(generator, { order: 'prepare', plan }, 'prepared');
      return async () => (await ask(generator, { order: 'go' }, 'sent')).result;
    },
    seen: async (timeoutMs) => (await ask(receiver, { order: 'wait', timeoutMs }, 'seen')).result,
    totals: async () => (await ask(receiver, { order: 'totals' }, 'totals')).totals,
    close: () => {
      generator.disconnect();
      receiver.disconnect();
    },
  };
};
