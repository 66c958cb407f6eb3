import { readLog } from '../stages/events-log.ts';
import { readTrace } from '../stages/trace.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { wordsFor } from './decision-words.ts';
import { fieldOf, instantField, levelField, limitOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';

const listEvents =
  ({ store }: ConsolePorts) =>
  async (call: ApiCall): Promise<ApiReply> => {
    const page = await readLog(store, {
      from: instantField(call, 'from'),
      to: instantField(call, 'to'),
      product: fieldOf(call, 'product'),
      level: levelField(call),
      status: fieldOf(call, 'status'),
      q: fieldOf(call, 'q'),
      cursor: fieldOf(call, 'cursor'),
      limit: limitOf(call),
    });
    return json(200, page);
  };

const readEvent = (ports: ConsolePorts) => {
  const read = readTrace(ports);
  return async (call: ApiCall): Promise<ApiReply> => {
    const found = await read(call.params.id ?? '');
    if (found === undefined)
      throw new ApiError({ status: 404, code: 'event-not-found', message: 'There is no event with this id.' });
    const trace = found.trace.map((decision) => ({ ...decision, text: wordsFor(decision.name) }));
    return json(200, { ...found, trace });
  };
};

/** The routes about events: the list, newest first, and everything about one. */
export const eventRoutes = (ports: ConsolePorts): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/events',
    access: 'guarded',
    summary: 'Events, newest first; from, to, product, level, status, q, cursor, limit.',
    handle: listEvents(ports),
  },
  {
    method: 'GET',
    path: '/api/events/:id',
    access: 'guarded',
    summary: 'One event, its raw body, its notifications, and every decision about it.',
    handle: readEvent(ports),
  },
];
