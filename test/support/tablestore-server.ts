import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import protos from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import type { Clock } from '../../shared/ports/clock.ts';
import { OtsCounts } from './ots-counts.ts';
import { type Cell, type PlainRow, readPlainRows, readPlainValue, writePlainRows } from './plain-buffer.ts';
import { type KeyLookup, onlyKey } from './protocol-keys.ts';
import { type StoredRow, TableRows } from './table-rows.ts';

/** Who may call. */
export const OTS_CREDENTIALS = {
  accessKeyId: 'ots-key-id',
  accessKeySecret: 'ots-key-secret',
  securityToken: 'ots-token',
};

/** What the server does in place of its own answer; a row fault refuses every second row of a batch, `slowMs` holds the answer back. */
export type OtsFault =
  | { status: number; code: string }
  | { slowMs: number }
  | { rows: string }
  | 'reset'
  | 'silence'
  | 'done-then-reset'
  | 'garbage';

const MAX_ROWS_WRITTEN = 200;
const MAX_BYTES = 4 * 1_024 * 1_024;
const MAX_ROWS_GOT = 100;
const MAX_KEY_BYTES = 1_024;
const MAX_CELL_BYTES = 2 * 1_024 * 1_024;
const MAX_SKEW_MS = 15 * 60_000;

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const { main, filter } = { main: protos.main.proto, filter: protos.filter.proto };

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

interface RowChange {
  type: number;
  rowChange: Uint8Array;
  condition: { rowExistence: number; columnCondition?: Uint8Array };
  returnContent?: { returnType: number; returnColumnNames: string[] };
}

interface TablestoreServerOptions {
  /** Name of the instance; `fenghuo` when left out. */
  instance?: string;
  /** Who may call; {@link OTS_CREDENTIALS} when left out. */
  keyOf?: KeyLookup;
  /** The fault of the next call when `faults` names none. */
  nextFault?: () => OtsFault | undefined;
}

/**
 * A server that speaks the protocol of Tablestore (2015-12-31): protobuf with plain buffers, checksums and signature checked, limits and
 * conditions as its documents describe them. Only tables with two text keys, and the calls that Fenghuo makes.
 */
export class TablestoreServer {
  readonly faults: (OtsFault | undefined)[] = [];
  /** Operations so far. */
  readonly calls: string[] = [];
  /** How many rows a range gives at most before it asks to go on. */
  pageRows = 5_000;
  /** What the bill counts. */
  readonly counts = new OtsCounts();
  readonly #tables = new Map<string, TableRows>();
  readonly #clock: Clock;
  readonly #options: TablestoreServerOptions;
  readonly #server: Server;

  constructor(clock: Clock, tables: readonly string[], options: TablestoreServerOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    for (const name of tables) this.createTable(name);
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address!.port : 0}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Makes a table, unless it is there. */
  createTable(name: string): void {
    if (!this.#tables.has(name)) this.#tables.set(name, new TableRows());
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readAll(request);
    this.calls.push(request.url!.slice(1));
    this.counts.called(request.url!.slice(1));
    const fault = this.faults.shift() ?? this.#options.nextFault?.();
    if (fault === 'reset') return void request.socket.destroy();
    if (fault === 'silence') return;
    if (fault === 'garbage') return void response.writeHead(502).end('<html>bad gateway</html>');
    try {
      const answer = await this.#answerUnless(fault, request, bytes);
      if (fault === 'done-then-reset') return void request.socket.destroy();
      response.writeHead(200, { 'x-ots-requestid': 'r' }).end(answer);
    } catch (error) {
      this.#refuse(response, error);
    }
  }

  async #answerUnless(fault: OtsFault | undefined, request: IncomingMessage, bytes: Buffer): Promise<Uint8Array> {
    const knobs: { status?: number; code?: string; slowMs?: number; rows?: string } =
      typeof fault === 'object' ? fault : {};
    if (knobs.status !== undefined) throw new Refusal(knobs.status, knobs.code ?? '', 'as the test wants');
    if (knobs.slowMs !== undefined) await wait(knobs.slowMs);
    this.#authorise(request, bytes);
    return this.#answer(request.url!, bytes, knobs.rows);
  }

  #refuse(response: ServerResponse, error: unknown): void {
    const { code, message, status } =
      error instanceof Refusal ? error : new Refusal(400, 'OTSParameterInvalid', String(error));
    const body = main.Error!.encode(main.Error!.create({ code, message })).finish();
    response.writeHead(status, { 'x-ots-requestid': 'r' }).end(body);
  }

  #authorise({ url, method, headers }: IncomingMessage, bytes: Buffer): void {
    const own = Object.entries(headers)
      .filter(([name]) => name.startsWith('x-ots-') && name !== 'x-ots-signature')
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${name}:${String(value)}`);
    const text = `${url}\n${method}\n\n${own.join('\n')}\n`;
    const { keyOf = onlyKey(OTS_CREDENTIALS) } = this.#options;
    const key = keyOf(String(headers['x-ots-accesskeyid']));
    const signature = createHmac('sha1', key?.accessKeySecret ?? '')
      .update(text)
      .digest('base64');
    if (key === undefined || headers['x-ots-signature'] !== signature)
      throw new Refusal(403, 'OTSAuthFailed', 'Signature mismatch.');
    if (headers['x-ots-ststoken'] !== key.securityToken) throw new Refusal(403, 'OTSAuthFailed', 'No token.');
    if (headers['x-ots-instancename'] !== (this.#options.instance ?? 'fenghuo'))
      throw new Refusal(404, 'OTSParameterInvalid', 'No such instance.');
    if (headers['x-ots-contentmd5'] !== createHash('md5').update(bytes).digest('base64'))
      throw new Refusal(400, 'OTSParameterInvalid', 'Body and MD5 differ.');
    if (Math.abs(Date.parse(String(headers['x-ots-date'])) - this.#clock.nowMs()) > MAX_SKEW_MS)
      throw new Refusal(403, 'OTSAuthFailed', 'Mismatch between system time and x-ots-date.');
  }

  #answer(url: string, bytes: Buffer, refusedRows: string | undefined): Uint8Array {
    if (url === '/BatchWriteRow') return this.#writeRows(bytes, refusedRows);
    if (url === '/BatchGetRow') return this.#getRows(bytes, refusedRows);
    if (url === '/GetRange') return this.#getRange(bytes);
    throw new Refusal(400, 'OTSUnsupportOperation', url);
  }

  #table(name: string): TableRows {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Refusal(404, 'OTSObjectNotExist', 'Requested table does not exist.');
    return table;
  }

  #writeRows(bytes: Buffer, refused: string | undefined): Uint8Array {
    const { tables }: { tables: { tableName: string; rows: RowChange[] }[] } = main.BatchWriteRowRequest!.decode(bytes);
    const count = tables.reduce((sum, { rows }) => sum + rows.length, 0);
    if (count === 0 || count > MAX_ROWS_WRITTEN)
      throw new Refusal(400, 'OTSParameterInvalid', `Rows count exceeds the upper limit: ${MAX_ROWS_WRITTEN}.`);
    if (bytes.length > MAX_BYTES)
      throw new Refusal(413, 'OTSRequestBodyTooLarge', 'The size of POST data is too large.');
    let at = 0;
    const answered = tables.map(({ tableName, rows }) => {
      const table = this.#table(tableName);
      const changes = rows.map((change) => ({ change, row: readPlainRows(change.rowChange)[0]! }));
      if (new Set(changes.map(({ row }) => TableRows.idOf(row.key))).size < rows.length)
        throw new Refusal(400, 'OTSParameterInvalid', 'Duplicated primary key.');
      const verdicts = changes.map(({ change, row }) => {
        at += 1;
        return refused !== undefined && at % 2 === 0
          ? { isOk: false, error: { code: refused, message: 'as the test wants' } }
          : this.#writeRow({ table, tableName }, change, row);
      });
      return { tableName, rows: verdicts };
    });
    return main.BatchWriteRowResponse!.encode(main.BatchWriteRowResponse!.create({ tables: answered })).finish();
  }

  #writeRow({ table, tableName }: { table: TableRows; tableName: string }, change: RowChange, row: PlainRow): object {
    this.#checkKey(row.key);
    const known = table.get(row.key);
    const isConditional = change.condition.rowExistence === 1 || (change.condition.columnCondition?.length ?? 0) > 0;
    this.counts.wrote(tableName, change.rowChange.length, isConditional);
    if (!this.#holds(change.condition, known))
      return { isOk: false, error: { code: 'OTSConditionCheckFail', message: 'Condition check failed.' } };
    const consumed = { capacityUnit: { read: 0, write: 1 } };
    if (change.type === 3) {
      table.delete(row.key);
      return { isOk: true, consumed };
    }
    const stored: StoredRow = { key: row.key, cells: new Map(change.type === 1 ? [] : known?.cells) };
    for (const cell of row.cells) this.#apply(stored, cell);
    table.set(stored);
    return { isOk: true, consumed, ...this.#returned(stored, change) };
  }

  #checkKey(key: readonly Cell[]): void {
    if (key.length !== 2 || key.some(({ value }) => typeof value !== 'string'))
      throw new Refusal(400, 'OTSInvalidPK', 'Primary key schema mismatch.');
    if (key.some(({ value }) => Buffer.byteLength(String(value)) > MAX_KEY_BYTES))
      throw new Refusal(400, 'OTSParameterInvalid', 'The length of primary key column exceeds the MaxLength: 1024.');
  }

  #apply({ cells }: StoredRow, { name, value, op }: Cell): void {
    if (typeof value === 'string' && Buffer.byteLength(value) > MAX_CELL_BYTES)
      throw new Refusal(400, 'OTSParameterInvalid', 'The length of attribute column exceeds the MaxLength: 2097152.');
    if (op === 'increment') {
      const before = cells.get(name) ?? 0n;
      if (typeof before !== 'bigint' || typeof value !== 'bigint')
        throw new Refusal(400, 'OTSParameterInvalid', 'Only integers can be counted up.');
      cells.set(name, before + value);
    } else if (value === undefined) cells.delete(name);
    else cells.set(name, value);
  }

  #returned({ key, cells }: StoredRow, { returnContent }: RowChange): object {
    if (returnContent?.returnType !== 2) return {};
    const returned = returnContent.returnColumnNames.map(
      (name): Cell => ({ name, value: cells.get(name)!, op: 'put' }),
    );
    return { row: writePlainRows([{ key, cells: returned, isDeleted: false }], this.#clock.nowMs()) };
  }

  #holds({ rowExistence, columnCondition }: RowChange['condition'], known: StoredRow | undefined): boolean {
    if (rowExistence === 1 && known === undefined) return false;
    if (rowExistence === 2 && known !== undefined) return false;
    if (columnCondition === undefined || columnCondition.length === 0) return true;
    const { type, filter: inner }: { type: number; filter: Uint8Array } = filter.Filter!.decode(columnCondition);
    if (type !== 1) throw new Refusal(400, 'OTSParameterInvalid', 'Only conditions on one column here.');
    const one: { comparator: number; columnName: string; columnValue: Uint8Array; filterIfMissing: boolean } =
      filter.SingleColumnValueFilter!.decode(inner);
    const value = known?.cells.get(one.columnName);
    if (value === undefined) return !one.filterIfMissing;
    if (one.comparator !== 1) throw new Refusal(400, 'OTSParameterInvalid', 'Only equality here.');
    return value === readPlainValue(one.columnValue);
  }

  #plain({ key, cells }: StoredRow): PlainRow {
    return { key, cells: [...cells].map(([name, value]) => ({ name, value, op: 'put' })), isDeleted: false };
  }

  #getRows(bytes: Buffer, refused: string | undefined): Uint8Array {
    const { tables }: { tables: { tableName: string; primaryKey: Uint8Array[] }[] } =
      main.BatchGetRowRequest!.decode(bytes);
    const count = tables.reduce((sum, { primaryKey }) => sum + primaryKey.length, 0);
    if (count === 0 || count > MAX_ROWS_GOT)
      throw new Refusal(400, 'OTSParameterInvalid', `Rows count exceeds the upper limit: ${MAX_ROWS_GOT}.`);
    const consumed = { capacityUnit: { read: 1, write: 0 } };
    const answered = tables.map(({ tableName, primaryKey }) => ({
      tableName,
      rows: primaryKey.map((encoded, at) => {
        if (refused !== undefined && at % 2 === 1) return { isOk: false, error: { code: refused, message: '' } };
        const found = this.#table(tableName).get(readPlainRows(encoded)[0]!.key);
        const row = writePlainRows(found === undefined ? [] : [this.#plain(found)], this.#clock.nowMs());
        this.counts.read(tableName, 1, row.length);
        return { isOk: true, consumed, row };
      }),
    }));
    return main.BatchGetRowResponse!.encode(main.BatchGetRowResponse!.create({ tables: answered })).finish();
  }

  #getRange(bytes: Buffer): Uint8Array {
    const asked: {
      tableName: string;
      direction: number;
      limit: number;
      inclusiveStartPrimaryKey: Uint8Array;
      exclusiveEndPrimaryKey: Uint8Array;
    } = main.GetRangeRequest!.decode(bytes);
    const start = readPlainRows(asked.inclusiveStartPrimaryKey)[0]!.key;
    const end = readPlainRows(asked.exclusiveEndPrimaryKey)[0]!.key;
    const isBackward = asked.direction === 1;
    const max = Math.min(asked.limit > 0 ? asked.limit : this.pageRows, this.pageRows);
    const found = this.#table(asked.tableName).range({ start, end, isBackward, limit: max + 1 });
    if (found === undefined)
      throw new Refusal(400, 'OTSParameterInvalid', 'Begin key must less than end key in FORWARD');
    const nowMs = this.#clock.nowMs();
    const next = found[max];
    const given = found.slice(0, max).map((row) => this.#plain(row));
    const rows = writePlainRows(given, nowMs);
    this.counts.read(asked.tableName, given.length, rows.length);
    const message = {
      consumed: { capacityUnit: { read: 1, write: 0 } },
      rows,
      ...(next === undefined
        ? {}
        : { nextStartPrimaryKey: writePlainRows([{ key: next.key, cells: [], isDeleted: false }], nowMs) }),
    };
    return main.GetRangeResponse!.encode(main.GetRangeResponse!.create(message)).finish();
  }
}
