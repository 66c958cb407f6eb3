import * as z from 'zod/mini';
import { ackNameOf } from '../domain/ack.ts';
import type { DeliveryRef } from '../domain/delivery.ts';
import { acknowledgeLinked, readLinked } from '../stages/ack-message.ts';
import { acknowledge } from '../stages/ack-rows.ts';
import { readEventRow } from '../stages/events-log.ts';
import { ACK_POLICY, acknowledgedPage, askPage, brokenPage } from './ack-page.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { RecordsPorts } from './console-ports.ts';
import { badField } from './query.ts';
import type { ApiCall, Route } from './router.ts';

const html = (status: number, body: string): ApiReply => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': ACK_POLICY,
    // The address holds what lets somebody acknowledge: no other site may learn it, and nobody may find it.
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  },
  body,
});

const broken = (kind: Parameters<typeof brokenPage>[0]): ApiReply => {
  const { status, html: body } = brokenPage(kind);
  return html(status, body);
};

/** The zone of the reader; when the settings cannot be read the page works all the same. */
const zoneOf = async ({ roster }: RecordsPorts, { target }: DeliveryRef): Promise<string> => {
  try {
    return (await roster.current()).targets.get(target)?.timezone ?? 'UTC';
  } catch {
    return 'UTC';
  }
};

const timeOf = (atMs: number, timeZone: string): string => {
  const format = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  return `${format.format(atMs)} (${timeZone})`;
};

const show = async (ports: RecordsPorts, call: ApiCall): Promise<ApiReply> => {
  const linked = await readLinked(ports, call.params.token ?? '');
  if (linked.kind !== 'found') return broken(linked.kind);
  const { delivery, ack } = linked;
  if (ack === undefined) return html(200, askPage(delivery));
  const at = timeOf(ack.atMs, await zoneOf(ports, delivery));
  return html(200, acknowledgedPage(delivery, { ack, isFirst: false, at }));
};

const take = async (ports: RecordsPorts, call: ApiCall): Promise<ApiReply> => {
  const linked = await readLinked(ports, call.params.token ?? '');
  if (linked.kind !== 'found') return broken(linked.kind);
  const name = ackNameOf(new URLSearchParams(call.body).get('name') ?? '');
  const { ack, isFirst } = await acknowledgeLinked(ports, linked, name);
  if (isFirst) ports.countAck?.();
  const at = timeOf(ack.atMs, await zoneOf(ports, linked.delivery));
  return html(200, acknowledgedPage(linked.delivery, { ack, isFirst, at }));
};

const bodySchema = z.strictObject({ name: z.optional(z.string().check(z.maxLength(200))) });

const nameOf = ({ body }: ApiCall): string => {
  if (body.trim() === '') return '';
  try {
    return ackNameOf(bodySchema.parse(JSON.parse(body)).name ?? '');
  } catch {
    throw badField('body', 'send nothing, or {"name":"..."}');
  }
};

const takeEvent = async (ports: RecordsPorts, call: ApiCall): Promise<ApiReply> => {
  const id = call.params.id ?? '';
  const by = nameOf(call);
  if ((await readEventRow(ports.store, id)) === undefined)
    throw new ApiError({ status: 404, code: 'event-not-found', message: 'There is no event with this id.' });
  const { ack, isFirst } = await acknowledge(ports.store, id, { atMs: ports.clock.nowMs(), by, how: 'api' });
  if (isFirst) ports.countAck?.();
  return json(200, { event: id, acknowledged: ack, first: isFirst });
};

/** The page behind the link in a message, which needs no access but the link itself, and the same for programs by the id of an event. */
export const ackRoutes = (ports: RecordsPorts): readonly Route[] => [
  {
    method: 'GET',
    path: '/ack/:token',
    access: 'open',
    summary: 'The page of a signed link: what would be acknowledged, or who did. Changes nothing.',
    handle: (call) => show(ports, call),
  },
  {
    method: 'POST',
    path: '/ack/:token',
    access: 'open',
    summary: 'Acknowledges the message of a signed link; form field name. The first one counts.',
    handle: (call) => take(ports, call),
  },
  {
    method: 'POST',
    path: '/api/events/:id/ack',
    access: 'guarded',
    summary: 'Acknowledges an event for every rule: nothing, or {"name":"..."}. The first one counts.',
    handle: (call) => takeEvent(ports, call),
  },
];
