import { type DeliveryState, deliveryStateSchema } from '../domain/delivery.ts';
import type { Row, TableStore } from '../ports/table-store.ts';
import { ApiError, type ApiReply, json } from './api.ts';
import { carriedEvents } from './carried-events.ts';
import type { RecordsPorts } from './console-ports.ts';
import { deliveryReports } from './delivery-report.ts';
import { badField, choiceField, fieldOf, limitOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';

const PAGE_ROWS = 500;
// One call reads at most that many rows; a filter that matches little answers with a cursor instead of holding the store.
const MAX_ROWS_READ = 5_000;
const ID = /^[\w-]{1,64}$/;

interface Filter {
  target?: string;
  status?: DeliveryState['status'];
  code?: string;
}

const parseState = (row: Row): DeliveryState | undefined => {
  try {
    return deliveryStateSchema.parse(JSON.parse(row.body));
  } catch {
    // One odd row must not hide the others.
    return undefined;
  }
};

const matches = (state: DeliveryState, filter: Filter): boolean =>
  (filter.target === undefined || state.delivery.target === filter.target) &&
  (filter.status === undefined || state.status === filter.status) &&
  (filter.code === undefined || state.code === filter.code);

interface Reading {
  store: TableStore;
  filter: Filter;
  limit: number;
}

interface Found {
  states: DeliveryState[];
  cursor?: string;
}

interface Page {
  items: object[];
  cursor?: string;
}

/** Takes rows until the page is full; gives the key of the last row that was looked at. */
const takeRows = (rows: readonly Row[], { filter, limit }: Reading, page: Found): void => {
  for (const row of rows) {
    if (page.states.length === limit) return;
    page.cursor = row.pk;
    const state = parseState(row);
    if (state !== undefined && matches(state, filter)) page.states.push(state);
  }
};

const scan = (store: TableStore, after: string | undefined): Promise<Row[]> =>
  store.scan({
    table: 'deliveries',
    limit: PAGE_ROWS,
    reverse: true,
    ...(after === undefined ? {} : { after: { pk: after, sk: '' } }),
  });

/** Reads on until the page is full, the table ends, or enough rows were looked at. */
const findPage = async (reading: Reading, cursor: string | undefined): Promise<Found> => {
  const page: Found = { states: [], ...(cursor === undefined ? {} : { cursor }) };
  for (let read = 0; read < MAX_ROWS_READ && page.states.length < reading.limit; read += PAGE_ROWS) {
    const rows = await scan(reading.store, page.cursor);
    takeRows(rows, reading, page);
    const atEnd = rows.length < PAGE_ROWS && page.cursor === rows.at(-1)?.pk;
    if (rows.length === 0 || atEnd) return { states: page.states };
  }
  return page;
};

const readPage = async (reading: Reading, from: string | undefined): Promise<Page> => {
  const { states, cursor } = await findPage(reading, from);
  const items = await deliveryReports(reading.store, states);
  return cursor === undefined ? { items } : { items, cursor };
};

const filterOf = (call: ApiCall): Filter => {
  const target = fieldOf(call, 'target');
  const code = fieldOf(call, 'code');
  const status = choiceField(call, 'status', deliveryStateSchema.shape.status.options);
  return {
    ...(target === undefined ? {} : { target }),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
  };
};

const cursorOf = (call: ApiCall): string | undefined => {
  const cursor = fieldOf(call, 'cursor');
  if (cursor !== undefined && !ID.test(cursor)) throw badField('cursor', 'must be the cursor of an earlier answer');
  return cursor;
};

const notFound = (): ApiError =>
  new ApiError({ status: 404, code: 'delivery-not-found', message: 'There is no delivery with this id.' });

const readDelivery = async (store: TableStore, id: string): Promise<ApiReply> => {
  const row = await store.get({ table: 'deliveries', pk: id, sk: '' });
  const state = row === undefined ? undefined : parseState(row);
  if (state === undefined) throw notFound();
  const [[report], events] = await Promise.all([deliveryReports(store, [state]), carriedEvents(store, state.delivery)]);
  return json(200, { ...report, events, more: Math.max(0, state.delivery.total - events.length) });
};

/** The routes about deliveries: receipts, newest first. */
export const deliveryRoutes = ({ store }: RecordsPorts): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/deliveries',
    access: 'guarded',
    summary: 'Deliveries with their attempts, newest first; target, status, code, cursor, limit.',
    handle: async (call): Promise<ApiReply> => {
      const reading = { store, filter: filterOf(call), limit: limitOf(call) };
      return json(200, await readPage(reading, cursorOf(call)));
    },
  },
  {
    method: 'GET',
    path: '/api/deliveries/:id',
    access: 'guarded',
    summary: 'One delivery with its attempts and the events that it tells.',
    handle: (call): Promise<ApiReply> => readDelivery(store, call.params.id ?? ''),
  },
];
