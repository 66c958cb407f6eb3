import { canaryTimes } from '../domain/canary-schedule.ts';
import type { CanaryRun } from '../domain/canary-state.ts';
import type { Roster } from '../domain/roster.ts';
import type { CanarySettings } from '../stages/canary.ts';
import {
  CanaryBusyError,
  type CanaryStanding,
  createCanarySettings,
  NoCanaryError,
  readCanary,
  sendCanaryNow,
} from '../stages/canary-now.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import type { Route } from './router.ts';

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

const shownFault = ({ stage, targets }: NonNullable<CanaryRun['fault']>, roster: Roster): object => ({
  stage,
  targets: targets.map(({ target, code }) => ({
    target,
    targetName: roster.targets.get(target)?.name ?? target,
    ...(code === undefined ? {} : { code }),
  })),
});

const shownRun = (run: CanaryRun, roster: Roster): object => ({
  event: run.event,
  by: run.by,
  status: run.status,
  sentAt: isoOf(run.sentAtMs),
  deadline: isoOf(run.dueMs),
  ...(run.latencyMs === undefined ? {} : { latencyMs: run.latencyMs }),
  ...(run.fault === undefined ? {} : { fault: shownFault(run.fault, roster) }),
});

const shownOutage = (
  { sinceMs, canary, alarm, told }: NonNullable<CanaryStanding['outage']>,
  roster: Roster,
): object => ({
  since: isoOf(sinceMs),
  canary,
  alarm,
  told: told.map((target) => ({ target, targetName: roster.targets.get(target)?.name ?? target })),
});

const shown = (standing: CanaryStanding | undefined, { canary }: CanarySettings, roster: Roster): object => {
  const { everyMs, deadlineMs } = canaryTimes(canary);
  return {
    scheduled: canary !== undefined,
    everySeconds: everyMs / 1_000,
    deadlineSeconds: deadlineMs / 1_000,
    ...(standing === undefined ? {} : { ageSeconds: Math.round(standing.ageMs / 1_000) }),
    ...(standing?.outage === undefined ? {} : { outage: shownOutage(standing.outage, roster) }),
    runs: (standing?.runs ?? []).map((run) => shownRun(run, roster)),
  };
};

/** The canary, by hand, and what became of the last ones. */
export const canaryRoutes = (ports: ConsolePorts): readonly Route[] => {
  const settings = createCanarySettings(ports);
  const run = async (): Promise<ApiReply> => {
    try {
      const sent = await sendCanaryNow({ ...ports, settings });
      return json(202, { event: sent.event, sentAt: isoOf(sent.sentAtMs), deadline: isoOf(sent.dueMs) });
    } catch (error) {
      if (error instanceof NoCanaryError)
        throw new ApiError({ status: 409, code: error.code, message: error.message }, { cause: error });
      if (error instanceof CanaryBusyError)
        throw new ApiError({ status: 429, code: error.code, message: error.message }, { cause: error });
      throw error;
    }
  };
  return [
    {
      method: 'GET',
      path: '/api/canary',
      summary: 'The last canaries, newest first: whether each arrived, how long it took, else where it is missing.',
      access: 'guarded',
      handle: async () => {
        const [standing, form, roster] = await Promise.all([
          readCanary(ports),
          settings.current(),
          ports.roster.current(),
        ]);
        return json(200, shown(standing, form, roster));
      },
    },
    {
      method: 'POST',
      path: '/api/canary/run',
      summary: 'Sends a canary through the whole chain now.',
      access: 'guarded',
      handle: run,
    },
  ];
};
