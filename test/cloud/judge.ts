import type { ProviderCall } from '../support/fake-cloud/provider-world.ts';
import type { CloudRig } from './cloud-rig.ts';
import { LIMITS, type Limit, WITNESS } from './cloud-settings.ts';

/** A message that a place was told twice. */
interface Duplicate {
  place: string;
  number: number;
  times: number;
}

/** What the record of the providers says about a run. */
export interface Judgement {
  accepted: number;
  told: number;
  /** Numbers of accepted events that the witness never heard of. */
  lost: number[];
  duplicates: number;
  /** Of these: those whose receipts name no attempt without an answer. */
  unexplained: Duplicate[];
  /** Windows in which a place was called more often than its provider allows. */
  overQuota: string[];
  /** Calls that a provider refused. */
  refused: number;
  /** Receipts of what was given up or refused. */
  failed: Failed[];
}

/** Instants at which a place was called too often: the start of each window that has more than its limit. */
const brokenWindows = (calls: readonly ProviderCall[], { place, limit, windowMs }: Limit): string[] => {
  const times = calls.filter((call) => call.place === place).map(({ atMs }) => atMs);
  times.sort((one, other) => one - other);
  return times.flatMap((atMs, at) => {
    const later = times[at + limit];
    return later !== undefined && later - atMs < windowMs ? [`${place}: ${limit + 1} in ${later - atMs} ms`] : [];
  });
};

const duplicatesIn = (calls: readonly ProviderCall[]): Duplicate[] => {
  const times = new Map<string, Duplicate>();
  for (const { place, numbers, answer } of calls) {
    if (answer === 'refused') continue;
    for (const number of numbers) {
      const key = `${place} ${number}`;
      const known = times.get(key) ?? { place, number, times: 0 };
      known.times += 1;
      times.set(key, known);
    }
  }
  return [...times.values()].filter(({ times: told }) => told > 1);
};

interface TracedEvent {
  trace: { name: string; channel?: string }[];
}

/** Whether the receipts of the event say that an attempt was left without an answer. */
const isExplained = async (rig: CloudRig, id: string): Promise<boolean> => {
  const { trace } = await rig.read<TracedEvent>(`/api/events/${id}`);
  return trace.some(({ name }) => name === 'attempt-unknown');
};

/** A receipt that ended in another way than delivered or merged. */
interface Failed {
  channel: string;
  status: string;
  reason?: string;
  /** What each attempt came to. */
  attempts: string[];
}

interface Report extends Omit<Failed, 'attempts'> {
  attempts: { name: string }[];
}

const failedReceipts = async (rig: CloudRig): Promise<Failed[]> => {
  const pages = await Promise.all(
    ['dead', 'refused', 'suppressed'].map((status) =>
      rig.read<{ items: Report[] }>(`/api/deliveries?status=${status}`),
    ),
  );
  return pages.flatMap(({ items }) =>
    items.map(({ channel, status, reason, attempts }) => ({
      channel,
      status,
      ...(reason === undefined ? {} : { reason }),
      attempts: attempts.map(({ name }) => name),
    })),
  );
};

/** Holds what the providers got against what was accepted. */
export const judge = async (rig: CloudRig, ids: ReadonlyMap<number, string>): Promise<Judgement> => {
  const { calls } = rig.cloud.providers;
  const heard = calls.filter(({ place, answer }) => place === WITNESS && answer !== 'refused');
  const told = new Set(heard.flatMap(({ numbers }) => numbers));
  const duplicates = duplicatesIn(calls);
  const unexplained: Duplicate[] = [];
  for (const duplicate of duplicates)
    if (!(await isExplained(rig, ids.get(duplicate.number) ?? ''))) unexplained.push(duplicate);
  return {
    accepted: ids.size,
    told: told.size,
    lost: [...ids.keys()].filter((n) => !told.has(n)),
    duplicates: duplicates.length,
    unexplained,
    overQuota: LIMITS.flatMap((limit) => brokenWindows(calls, limit)),
    refused: calls.filter(({ answer }) => answer === 'refused').length,
    failed: await failedReceipts(rig),
  };
};
