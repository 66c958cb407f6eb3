import type { ReturnedRow, RowVerdict } from 'tablestore';
import { groupBy } from '../../domain/group-by.ts';
import {
  type RowKey,
  StoreUnavailableError,
  type TableName,
  type WriteOp,
  type WriteResult,
} from '../../ports/table-store.ts';
import { isPassing, isUnclear, loadTablestore, type TablestoreClient, TablestoreError } from './tablestore-client.ts';
import { appliedResult, writeRowOf, writerOf } from './tablestore-rows.ts';

/** Limits of BatchWriteRow: help.aliyun.com Tablestore "Limits". */
const MAX_ROWS = 200;
const MAX_BYTES = 3_500_000;
/** What a row has beside its body, in the request. */
const FRAME_BYTES = 400;
const ROW_TRIES = 6;
const CONDITION_FAILED = 'OTSConditionCheckFail';
const REFUSED: WriteResult = { applied: false, version: 0 };

/** What writing needs of the store. */
interface WriterPorts {
  nameOf(table: TableName): string;
  nonce(): string;
  read(keys: readonly RowKey[]): Promise<(ReturnedRow | undefined)[]>;
}

/** One write on its way. */
interface Pending {
  op: WriteOp;
  at: number;
  writer: string;
  /** An earlier try may have taken effect. */
  unclear: boolean;
}

const rowText = ({ table, pk, sk }: RowKey): string => JSON.stringify([table, pk, sk]);

const bytesOf = ({ op }: Pending): number => FRAME_BYTES + (op.kind === 'put' ? Buffer.byteLength(op.body) : 0);

/** Writes in rounds, none of which names a row twice: the service refuses a batch that does, and a row's writes keep their order. */
const roundsOf = (pending: readonly Pending[]): Pending[][] => {
  const seen = new Map<string, number>();
  const rounds: Pending[][] = [];
  for (const one of pending) {
    const row = rowText(one.op);
    const round = seen.get(row) ?? 0;
    seen.set(row, round + 1);
    rounds[round] ??= [];
    rounds[round].push(one);
  }
  return rounds;
};

const batchesOf = (pending: readonly Pending[]): Pending[][] => {
  const batches: Pending[][] = [];
  let room = 0;
  for (const one of pending) {
    const bytes = bytesOf(one);
    const last = batches.at(-1);
    if (last === undefined || last.length === MAX_ROWS || bytes > room) {
      batches.push([one]);
      room = MAX_BYTES - bytes;
    } else {
      last.push(one);
      room -= bytes;
    }
  }
  return batches;
};

/** Writes rows in as few calls as the limits allow, each with its own condition. */
export class TablestoreWriter {
  readonly #client: TablestoreClient;
  readonly #ports: WriterPorts;

  constructor(client: TablestoreClient, ports: WriterPorts) {
    this.#client = client;
    this.#ports = ports;
  }

  /** One result per operation, in the order given. Throws StoreUnavailableError. */
  async write(ops: readonly WriteOp[]): Promise<WriteResult[]> {
    const results = ops.map(() => REFUSED);
    const pending = ops.map((op, at): Pending => ({ op, at, writer: this.#ports.nonce(), unclear: false }));
    for (const round of roundsOf(pending))
      for (const batch of batchesOf(await this.#withoutPresent(round, results))) await this.#settle(batch, results);
    return results;
  }

  /** A delete of a row that must be absent has nothing to do, whatever it finds. */
  async #withoutPresent(round: readonly Pending[], results: WriteResult[]): Promise<Pending[]> {
    const isProbe = ({ op }: Pending): boolean => op.kind === 'delete' && op.when === 'absent';
    const probes = round.filter(isProbe);
    const rows = probes.length === 0 ? [] : await this.#ports.read(probes.map(({ op }) => op));
    for (const [index, { at }] of probes.entries()) results[at] = { applied: rows[index] === undefined, version: 0 };
    return round.filter((one) => !isProbe(one));
  }

  async #settle(batch: readonly Pending[], results: WriteResult[]): Promise<void> {
    let left = [...batch];
    for (let tries = 1; left.length > 0; tries += 1) {
      const refused = await this.#try(left, results);
      const [first] = refused;
      if (first === undefined) return;
      if (!isPassing(first.code) || tries >= ROW_TRIES) throw this.#unavailable(first.code);
      await this.#client.wait(tries);
      left = refused.map(({ one }) => one);
    }
  }

  async #try(batch: readonly Pending[], results: WriteResult[]): Promise<{ one: Pending; code: string }[]> {
    const verdicts = await this.#send(batch);
    const failed: Pending[] = [];
    const refused: { one: Pending; code: string }[] = [];
    for (const [index, one] of batch.entries()) {
      const verdict = verdicts[index];
      const code = verdict?.errorCode ?? '';
      if (verdict?.isOk === true) results[one.at] = appliedResult(one.op, verdict);
      else if (code === CONDITION_FAILED) failed.push(one);
      else {
        one.unclear ||= isUnclear(code);
        refused.push({ one, code });
      }
    }
    await this.#recognise(failed, results);
    return refused;
  }

  async #send(batch: readonly Pending[]): Promise<(RowVerdict | undefined)[]> {
    const sdk = await loadTablestore();
    const groups = [...groupBy(batch, ({ op }) => op.table)];
    const tables = groups.map(([table, group]) => ({
      tableName: this.#ports.nameOf(table),
      rows: group.map(({ op, writer }) => writeRowOf(sdk, op, writer)),
    }));
    const markUnclear = (): void => {
      for (const one of batch) one.unclear = true;
    };
    const answer = await this.#client.call((client) => client.batchWriteRow({ tables }), markUnclear);
    const order = new Map(groups.flatMap(([, group]) => group).map((one, at) => [one, at]));
    return batch.map((one) => answer.tables[order.get(one) ?? -1]);
  }

  /** A condition that does not hold after an answer was lost may be our own doing: then the row says that we wrote it, or is gone. */
  async #recognise(failed: readonly Pending[], results: WriteResult[]): Promise<void> {
    const doubtful = failed.filter(({ unclear }) => unclear);
    if (doubtful.length === 0) return;
    const rows = await this.#ports.read(doubtful.map(({ op }) => op));
    for (const [index, { op, at, writer }] of doubtful.entries()) {
      const row = rows[index];
      const isOurs = op.kind === 'delete' ? row === undefined : row !== undefined && writerOf(row) === writer;
      if (isOurs) results[at] = appliedResult(op, row ?? {});
    }
  }

  #unavailable(code: string): StoreUnavailableError {
    const cause = new TablestoreError(code, `the table store answered ${code} for a row`);
    return new StoreUnavailableError('the table store cannot be written now', { cause });
  }
}
