import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ChannelPorts } from '../../shared/channels/channel.ts';
import type { BenchContext } from './bench-context.ts';
import { CHANNEL_CASES, type ChannelCase, MERGED_EVENTS, mergedNotice, singleNotice } from './channel-cases.ts';
import { type ChannelPace, type ChannelRun, paceOf } from './channel-pace.ts';
import { instantPorts, openPorts } from './channel-ports.ts';
import type { ChannelProviders } from './channel-providers.ts';
import type { ReportRow } from './report.ts';
import { median } from './statistics.ts';

const ROUNDS = 3;
const RENDER_MS = 120;
const SEND_MS = 400;
/** Messages under way at the same time. */
const AT_ONCE = 16;

/** What the runs of one channel gave. */
export interface ChannelFigures {
  /** CPU microseconds to render a message about one event, and a merged one; one figure a run. */
  singleUs: number[];
  mergedUs: number[];
  /** Messages about one event, delivered by the fake provider. */
  sentPerSecond: number[];
  /** CPU of the sending process meanwhile, in percent of one core: far below a hundred, the fake provider is the limit. */
  sendingPercent: number[];
}

/** The three rows of a channel; each is the median of its runs, and none has a floor. */
export const channelRowsOf = ({ channel, note }: ChannelCase, figures: ChannelFigures): ReportRow[] => [
  { row: `${channel.name}, render one event`, unit: 'µs CPU', ours: median(figures.singleUs) },
  { row: `  ${channel.name}, render ${MERGED_EVENTS} merged`, unit: 'µs CPU', ours: median(figures.mergedUs) },
  {
    row: `  ${channel.name}, sent`,
    unit: 'messages/s',
    ours: median(figures.sentPerSecond),
    note: [`sender ${median(figures.sendingPercent).toFixed(0)} % of a core`, note]
      .filter((text) => text !== undefined)
      .join(', '),
  },
];

/** One channel with the ways in which it is run. */
interface Measured {
  subject: ChannelCase;
  figures: ChannelFigures;
  single: ChannelRun;
  merged: ChannelRun;
  sending: ChannelRun;
}

interface World {
  providers: ChannelProviders;
  ports: ChannelPorts;
}

const measuredOf = (subject: ChannelCase, { providers, ports }: World): Measured => {
  const { base, mail } = providers;
  const shared = { subject, places: { base, mailServer: `${mail.host}:${mail.port}` }, next: { n: 1 } };
  const inMemory = { ...shared, ports: instantPorts(subject.reply) };
  return {
    subject,
    figures: { singleUs: [], mergedUs: [], sentPerSecond: [], sendingPercent: [] },
    single: { ...inMemory, notice: singleNotice },
    merged: { ...inMemory, notice: mergedNotice },
    sending: { ...shared, ports, notice: singleNotice },
  };
};

const usOf = ({ cpuMs, messages }: ChannelPace): number => (cpuMs * 1000) / messages;
const perSecondOf = ({ wallMs, messages }: ChannelPace): number => (messages * 1000) / wallMs;

const measureRound = async ({ single, merged, sending, figures }: Measured): Promise<ChannelPace[]> => {
  const singlePace = await paceOf(single, RENDER_MS, 1);
  const mergedPace = await paceOf(merged, RENDER_MS, 1);
  const sent = await paceOf(sending, SEND_MS, AT_ONCE);
  figures.singleUs.push(usOf(singlePace));
  figures.mergedUs.push(usOf(mergedPace));
  figures.sentPerSecond.push(perSecondOf(sent));
  figures.sendingPercent.push((100 * sent.cpuMs) / sent.wallMs);
  return [singlePace, mergedPace, sent];
};

const problemsOf = ({ subject }: Measured, paces: readonly ChannelPace[]): string[] =>
  paces
    .filter(({ failures }) => failures > 0)
    .map(({ failures, messages, firstFailure }) => {
      const share = `${failures} of ${messages} messages were not delivered`;
      return `channels: ${subject.channel.name}: ${share}, first: ${firstFailure}`;
    });

const forget = (figures: ChannelFigures): void => {
  for (const runs of Object.values(figures)) runs.length = 0;
};

/** All channels take turns, so that a slow minute of the machine meets all of them; the first round is the warm-up. */
const measureAll = async (context: BenchContext, world: World): Promise<ReportRow[]> => {
  const all = CHANNEL_CASES.map((subject) => measuredOf(subject, world));
  for (let round = 0; round <= (context.quick ? 1 : ROUNDS); round += 1) {
    for (const one of all) {
      context.problems.push(...problemsOf(one, await measureRound(one)));
      if (round === 0) forget(one.figures);
    }
  }
  return all.flatMap(({ subject, figures }) => channelRowsOf(subject, figures));
};

const withProviders = async <Result>(use: (providers: ChannelProviders) => Promise<Result>): Promise<Result> => {
  const child = fork(fileURLToPath(new URL('./channel-provider-process.ts', import.meta.url)));
  try {
    const failed = once(child, 'exit').then(() => Promise.reject(new Error('the fake providers are gone')));
    // It also leaves when it is told to, and then nobody waits.
    failed.catch(() => undefined);
    const [providers] = (await Promise.race([once(child, 'message'), failed])) as [ChannelProviders];
    return await Promise.race([use(providers), failed]);
  } finally {
    if (child.connected) child.disconnect();
  }
};

/** What it costs each channel to render a message, and how many it sends a second to the fake providers of the sandbox. */
export const channelRows = (context: BenchContext): Promise<ReportRow[]> =>
  withProviders(async (providers) => {
    const { ports, close } = await openPorts(providers);
    try {
      return await measureAll(context, { providers, ports });
    } finally {
      await close();
    }
  });
