import type { Clock } from '../../ports/clock.ts';
import {
  type RowKey,
  StoreUnavailableError,
  type TableStore,
  type WriteOp,
  type WriteResult,
} from '../../ports/table-store.ts';
import { KnownPacks } from './known-packs.ts';
import { Pack, type PackPlan, packFrom } from './pack.ts';
import { Turns } from './turns.ts';

/** What writing to packs works with. */
export interface PackedWriterPorts {
  clock: Clock;
  /** Waits between two tries. */
  sleep(ms: number): Promise<void>;
  /** From 0 to 1; spreads the tries of many instances. */
  random(): number;
}

/** One write, and the key of the pack that its row is in; without one the row is by itself. */
interface KeyedWrite {
  op: WriteOp;
  pack: RowKey | undefined;
}

/** Writes to one pack, or one write to a row by itself, with their places in the call. */
interface Errand {
  key: RowKey;
  ops: WriteOp[];
  places: number[];
  /** What is in the pack, as far as this instance knows; absent when it must be read first. */
  known?: Pack | undefined;
  /** Whether it was read for this very call, so that a refusal is final. */
  fresh: boolean;
}

/** Few instances write to one pack at once, since it holds what one batch tells one target. */
const MAX_TRIES = 12;
/** So many come without waiting: what was known may be old, and somebody may have been quicker once. */
const QUIET_TRIES = 3;
const WAIT_MS = 20;

const REFUSED: WriteResult = { applied: false, version: 0 };

const errandsOf = (writes: readonly KeyedWrite[]): { packed: Errand[]; plain: number[] } => {
  const packed = new Map<string, Errand>();
  const plain: number[] = [];
  for (const [at, { op, pack }] of writes.entries()) {
    if (pack === undefined) {
      plain.push(at);
      continue;
    }
    const errand = packed.get(pack.pk) ?? { key: pack, ops: [], places: [], fresh: false };
    packed.set(pack.pk, errand);
    errand.ops.push(op);
    errand.places.push(at);
  }
  return { packed: [...packed.values()], plain };
};

/** A row that must be absent most likely is, and its pack with it. */
const guess = ({ ops }: Errand): Pack | undefined =>
  ops.every(({ kind, when }) => kind === 'put' && when === 'absent') ? new Pack() : undefined;

const changeOf = ({ key }: Errand, { change }: PackPlan): WriteOp[] =>
  change === undefined ? [] : [{ ...key, ...change }];

/** Writes rows that live in packs, each pack with one write, beside rows that do not. */
export class PackedWriter {
  readonly #store: TableStore;
  readonly #ports: PackedWriterPorts;
  readonly #known: KnownPacks;
  readonly #turns = new Turns();

  constructor(store: TableStore, ports: PackedWriterPorts) {
    this.#store = store;
    this.#ports = ports;
    this.#known = new KnownPacks(ports.clock);
  }

  /** One result per write, in the order given. Throws StoreUnavailableError. */
  async write(writes: readonly KeyedWrite[]): Promise<WriteResult[]> {
    const { packed, plain } = errandsOf(writes);
    const others = plain.map((at) => writes[at]?.op).filter((op) => op !== undefined);
    if (packed.length === 0) return this.#store.write(others);
    const results = writes.map(() => REFUSED);
    const keys = packed.map(({ key }) => key.pk);
    const leave = await this.#turns.take(keys);
    try {
      const answers = await this.#settle(packed, others, results);
      for (const [index, at] of plain.entries()) results[at] = answers[index] ?? REFUSED;
    } catch (error) {
      for (const key of keys) this.#known.forget(key);
      throw error;
    } finally {
      leave();
    }
    return results;
  }

  /** Tries until every pack is written; answers what came of the other writes, which go with the first try. */
  async #settle(
    errands: readonly Errand[],
    others: readonly WriteOp[],
    results: WriteResult[],
  ): Promise<readonly WriteResult[]> {
    for (const errand of errands) errand.known = this.#known.get(errand.key.pk) ?? guess(errand);
    let { left, answers } = await this.#try(errands, others, results);
    const first = answers;
    for (let tries = 2; left.length > 0; tries += 1) {
      if (tries > MAX_TRIES)
        throw new StoreUnavailableError('too many write to the same rows of the table store at once');
      if (tries > QUIET_TRIES) await this.#ports.sleep(WAIT_MS * tries * this.#ports.random());
      ({ left, answers } = await this.#try(left, [], results));
    }
    return first;
  }

  async #try(
    errands: readonly Errand[],
    others: readonly WriteOp[],
    results: WriteResult[],
  ): Promise<{ left: Errand[]; answers: WriteResult[] }> {
    await this.#read(errands.filter(({ known }) => known === undefined));
    const planned = errands.map((errand) => ({ errand, plan: (errand.known ?? new Pack()).plan(errand.ops) }));
    const changing = planned.filter(({ plan }) => plan.change !== undefined);
    const changes = changing.flatMap(({ errand, plan }) => changeOf(errand, plan));
    const all = [...changes, ...others];
    const answers = all.length === 0 ? [] : await this.#store.write(all);
    const answerTo = new Map(changing.map(({ errand }, at) => [errand, answers[at]]));
    const left = planned.filter(
      ({ errand, plan }) => !this.#end(errand, { plan, answer: answerTo.get(errand) }, results),
    );
    return { left: left.map(({ errand }) => errand), answers: answers.slice(changes.length) };
  }

  async #read(errands: readonly Errand[]): Promise<void> {
    if (errands.length === 0) return;
    const rows = await this.#store.getMany(errands.map(({ key }) => key));
    for (const [at, errand] of errands.entries()) {
      const row = rows[at];
      errand.known = row === undefined ? new Pack() : packFrom(row);
      errand.fresh = true;
    }
  }

  /** Notes what came of an errand. False when what was known of the pack is not so any more: it must be read and tried again. */
  #end(
    errand: Errand,
    { plan, answer }: { plan: PackPlan; answer: WriteResult | undefined },
    results: WriteResult[],
  ): boolean {
    const { pk } = errand.key;
    if (!(answer?.applied ?? errand.fresh)) {
      this.#known.forget(pk);
      errand.known = undefined;
      return false;
    }
    for (const [index, at] of errand.places.entries()) results[at] = plan.results[index] ?? REFUSED;
    this.#known.keep(pk, answer === undefined ? plan.pack : plan.pack.at(answer.version));
    return true;
  }
}
