import * as z from 'zod/mini';
import type { Roster } from '../domain/roster.ts';
import { compileRoster } from '../domain/roster-compile.ts';
import type { Settings } from '../domain/settings.ts';
import { settingsFindings } from '../domain/settings-findings.ts';
import { recentFindings } from '../stages/recent-findings.ts';
import { readSettings } from '../stages/settings.ts';
import { whatIf } from '../stages/what-if.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import { candidateSettings } from './candidate-settings.ts';
import type { ChannelWorkPorts } from './channel-work-ports.ts';
import { jsonBody } from './json-body.ts';
import type { ApiCall } from './router.ts';
import { spanOf } from './span-field.ts';

const instant = z.optional(z.union([z.string(), z.number()]));

const bodySchema = z.strictObject({
  settings: z.optional(z.unknown()),
  since: z.optional(z.string()),
  from: instant,
  to: instant,
});

const rosterFor = (ports: ChannelWorkPorts, settings: Settings, version: number): Roster =>
  compileRoster(settings, {
    version,
    claimChannel: ports.claimChannel,
    deployed: ports.deployed,
  });

const DAY_MS = 86_400_000;

type Work = (call: ApiCall) => Promise<ApiReply>;

/** Simulations take memory, so that one process does one at a time. */
export const oneAtATime = (): ((work: Work) => Work) => {
  let busy = false;
  return (work) => async (call) => {
    if (busy)
      throw new ApiError({
        status: 429,
        code: 'busy',
        message: 'Another simulation is running. Try again in a minute.',
      });
    busy = true;
    try {
      return await work(call);
    } finally {
      busy = false;
    }
  };
};

/** Stored events through changed settings: messages per target and hour, before and after. */
export const compareByEvents =
  (ports: ChannelWorkPorts): Work =>
  async (call) => {
    const body = jsonBody(call, bodySchema);
    if (body.settings === undefined)
      throw new ApiError({
        status: 400,
        code: 'bad-request',
        message: 'settings: is missing: the changed file, as text or as an object',
        details: [{ path: 'settings', message: 'is missing: the changed file, as text or as an object' }],
      });
    const nowMs = ports.clock.nowMs();
    const span = spanOf(body, nowMs, nowMs - 7 * DAY_MS);
    const { version, settings } = await readSettings(ports);
    const after = await candidateSettings(ports, body.settings, settings);
    const rosters = { before: rosterFor(ports, settings, version), after: rosterFor(ports, after, version + 1) };
    const compared = await whatIf(ports, rosters, { span });
    return json(200, { settingsVersion: version, ...compared, findings: settingsFindings(after, ports.deployed) });
  };

/** Findings about settings, also by what came in lately; those in force unless settings are given. */
export const checkByEvents =
  (ports: ChannelWorkPorts): Work =>
  async (call) => {
    const body = jsonBody(call, bodySchema);
    const nowMs = ports.clock.nowMs();
    const span = spanOf(body, nowMs, nowMs - 7 * DAY_MS);
    const { version, settings } = await readSettings(ports);
    const judged = body.settings === undefined ? settings : await candidateSettings(ports, body.settings, settings);
    const recent = await recentFindings(ports, rosterFor(ports, judged, version), span);
    return json(200, { ...span, findings: [...settingsFindings(judged, ports.deployed), ...recent] });
  };
