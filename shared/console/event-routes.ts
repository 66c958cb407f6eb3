import { titleFor, titleOf } from '../domain/catalogue.ts';
import type { Decision } from '../domain/decision.ts';
import { adviceFor } from '../domain/decision-advice.ts';
import type { Bilingual } from '../domain/event.ts';
import { productNameOf } from '../domain/product.ts';

import type { TableStore } from '../ports/table-store.ts';
import { BadCursorError, type LogPage, type LogQuery, readLog } from '../stages/events-log.ts';
import { readTrace, type Trace } from '../stages/trace.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import type { RecordsPorts } from './console-ports.ts';
import { wordsFor } from './decision-words.ts';
import { badField, definedOf, fieldOf, instantField, levelField, limitOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';

/** Only what the call gives: an absent filter matches everything. */
const queryOf = (call: ApiCall): LogQuery => {
  const given = {
    fromMs: instantField(call, 'from'),
    toMs: instantField(call, 'to'),
    product: fieldOf(call, 'product')?.toLowerCase(),
    level: levelField(call),
    status: fieldOf(call, 'status'),
    q: fieldOf(call, 'q'),
    cursor: fieldOf(call, 'cursor'),
  };
  return { ...definedOf(given), limit: limitOf(call) };
};

const readPage = async (store: TableStore, query: LogQuery): Promise<LogPage> => {
  try {
    return await readLog(store, query);
  } catch (error) {
    if (error instanceof BadCursorError) throw badField('cursor', 'must be the cursor of an earlier answer');
    throw error;
  }
};

const listEvents =
  ({ store }: RecordsPorts) =>
  async (call: ApiCall): Promise<ApiReply> => {
    const { entries, cursor } = await readPage(store, queryOf(call));
    const items = entries.map((entry) => ({
      ...entry,
      productName: productNameOf(entry.product),
      title: titleOf(entry),
    }));
    return json(200, { items, ...definedOf({ cursor }) });
  };

/** What the targets of a trace are called, those that a message went on to among them. */
const namesOf = ({ notifications }: Trace): ReadonlyMap<string, string> =>
  new Map(
    notifications
      .flatMap((told) => [told, ...(told.fellBack ?? [])])
      .map(({ target, targetName }) => [target, targetName]),
  );

/** What to do about a decision: for what a provider refused its own fix, else what the settings can change. */
const adviceOf = (decision: Decision, { notifications }: Trace): Bilingual | undefined => {
  const { name, target } = decision;
  const ended = name === 'refused' || name === 'dead';
  const fix = ended ? notifications.find((told) => told.target === target && told.status === name)?.fix : undefined;
  return fix ?? adviceFor(decision);
};

const readEvent = (ports: RecordsPorts) => {
  const read = readTrace(ports);
  return async (call: ApiCall): Promise<ApiReply> => {
    const found = await read(call.params.id ?? '');
    if (found === undefined)
      throw new ApiError({ status: 404, code: 'event-not-found', message: 'There is no event with this id.' });
    const names = namesOf(found);
    const trace = found.trace.map((decision) => ({
      ...decision,
      ...definedOf({ targetName: names.get(decision.target ?? '') }),
      text: wordsFor(decision.name),
      ...definedOf({ advice: adviceOf(decision, found) }),
    }));
    const event = {
      ...found.event,
      title: titleFor(found.event),
      productName: productNameOf(found.event.product),
    };
    return json(200, { ...found, event, trace });
  };
};

/** The routes about events: the list, newest first, and everything about one. */
export const eventRoutes = (ports: RecordsPorts): readonly Route[] => [
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
