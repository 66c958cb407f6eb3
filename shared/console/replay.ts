import * as z from 'zod/mini';
import { titleOf } from '../domain/catalogue.ts';
import { type ReplayReport, type ReplayRequest, replay } from '../stages/replay.ts';
import { REPLAYABLE } from '../stages/replay-candidates.ts';
import { SKIPPED, type Skipped } from '../stages/replay-verdict.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ChannelWorkPorts } from './channel-work-ports.ts';
import { jsonBody } from './json-body.ts';
import { badField, definedOf } from './query.ts';
import type { ApiCall } from './router.ts';
import { spanOf } from './span-field.ts';

const MAX_IDS = 1_000;
const STATUS = `must be one or several of ${REPLAYABLE.join(', ')}`;

const status = z.enum(REPLAYABLE, STATUS);
const instant = z.optional(z.union([z.string(), z.number()], 'must be an instant: ISO 8601, or epoch milliseconds'));
const text = z.string('must be a text').check(z.minLength(1, 'must not be empty'));

const bodySchema = z.strictObject({
  since: z.optional(z.string()),
  from: instant,
  to: instant,
  subscription: z.optional(text),
  code: z.optional(text),
  status: z.optional(z.union([status, z.array(status).check(z.minLength(1, STATUS))], STATUS)),
  ids: z.optional(
    z.array(text).check(z.minLength(1, 'must not be empty'), z.maxLength(MAX_IDS, `must be at most ${MAX_IDS}`)),
  ),
  dryRun: z.optional(z.boolean()),
  force: z.optional(z.boolean()),
});

type Body = z.infer<typeof bodySchema>;

const isEvent = (id: string): boolean => id.startsWith('evt_');

/** Events that are named need no span; messages are found by looking through one. */
const spanFor = (body: Body, nowMs: number): ReplayRequest['span'] => {
  const { ids = [], since, from, to } = body;
  const strange = ids.findIndex((id) => !isEvent(id) && !id.startsWith('dlv_'));
  if (strange >= 0) throw badField(`ids[${strange}]`, 'must be the id of an event (evt_...) or of a message (dlv_...)');
  const isNamed = ids.length > 0 && ids.every(isEvent);
  if (isNamed && since === undefined && from === undefined && to === undefined) return undefined;
  return spanOf(body, nowMs);
};

const requestOf = (body: Body, nowMs: number): ReplayRequest => {
  const { subscription, code, status: asked = [...REPLAYABLE], ids } = body;
  const statuses = typeof asked === 'string' ? [asked] : asked;
  if (code !== undefined && statuses.every((one) => one === 'missed'))
    throw badField('code', 'narrows nothing here: what was missed has no code');
  return {
    span: spanFor(body, nowMs),
    filter: { statuses, ...definedOf({ subscription, code, ids: ids && new Set(ids) }) },
    force: body.force ?? false,
    dryRun: body.dryRun ?? false,
  };
};

const shown = ({ targets, lines, skipped, ...report }: ReplayReport, { dryRun, span }: ReplayRequest): object => {
  const reasons = Object.entries(skipped).map(([reason, count]) => ({ reason, count }));
  return {
    dryRun,
    ...definedOf({ from: span?.fromMs, to: span?.toMs }),
    ...report,
    targets,
    skipped: reasons.map((one) => ({ ...one, text: SKIPPED[isSkipped(one.reason) ? one.reason : 'no-room'] })),
    lines: lines.map((line) => ({ ...line, title: titleOf({ ...line, type: '', status: '' }) })),
  };
};

const isSkipped = (reason: string): reason is Skipped => Object.hasOwn(SKIPPED, reason);

/** Sends again what did not arrive. */
export const replayMissed = (ports: ChannelWorkPorts): ((call: ApiCall) => Promise<ApiReply>) => {
  const run = replay({ ...ports, breathe: () => ports.simulator.breathe() });
  let busy = false;
  return async (call) => {
    const request = requestOf(jsonBody(call, bodySchema), ports.clock.nowMs());
    if (busy) throw new ApiError({ status: 429, code: 'busy', message: 'Another replay is being planned. Try again.' });
    busy = true;
    try {
      return json(200, shown(await run(request), request));
    } finally {
      busy = false;
    }
  };
};
