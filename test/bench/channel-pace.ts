import type { ChannelPorts } from '../../shared/channels/channel.ts';
import type { ChannelCase, NoticeOf, ProviderPlaces } from './channel-cases.ts';
import { monotonicMs } from './load-messages.ts';

/** What one run sends: notices of one kind, each to another target, over these ports. */
export interface ChannelRun {
  subject: ChannelCase;
  notice: NoticeOf;
  places: ProviderPlaces;
  ports: ChannelPorts;
  /** Number of the next message; goes up, so that no two messages of a run have the same id or target. */
  next: { n: number };
}

/** What one run gave. */
export interface ChannelPace {
  messages: number;
  wallMs: number;
  /** CPU of this whole process, its worker threads included. */
  cpuMs: number;
  /** How many were not delivered, and what the first of them was told. */
  failures: number;
  firstFailure: string;
}

const sendNext = async ({ subject, notice, places, ports, next }: ChannelRun, pace: ChannelPace): Promise<void> => {
  const n = next.n;
  next.n += 1;
  const outcome = await subject.channel.send(notice(n), subject.target(n, places), ports);
  pace.messages += 1;
  if (outcome.kind === 'delivered') return;
  pace.failures += 1;
  if (pace.firstFailure === '') pace.firstFailure = `${outcome.kind} ${outcome.code} ${outcome.text}`;
};

/** Sends for that long, so many messages at the same time, and waits until all that began have ended. */
export const paceOf = async (run: ChannelRun, runMs: number, atOnce: number): Promise<ChannelPace> => {
  const pace: ChannelPace = { messages: 0, wallMs: 0, cpuMs: 0, failures: 0, firstFailure: '' };
  const cpuBefore = process.cpuUsage();
  const startMs = monotonicMs();
  const line = async (): Promise<void> => {
    do await sendNext(run, pace);
    while (monotonicMs() - startMs < runMs);
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...pace, wallMs: monotonicMs() - startMs, cpuMs: (user + system) / 1000 };
};
