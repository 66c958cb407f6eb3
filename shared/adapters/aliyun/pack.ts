import * as z from 'zod/mini';
import type { Row, RowKey, WriteOp, WriteResult } from '../../ports/table-store.ts';
import { compareUtf8, outcomeOf } from '../local/memory-rows.ts';

/** What some writes come to. */
export interface PackPlan {
  /** One result per write, in order; true once the change is stored. */
  results: WriteResult[];
  /** The pack after them. */
  pack: Pack;
  /** How the row below must change for that; absent when it stays as it is. */
  change?: Pick<WriteOp, 'when'> & ({ kind: 'put'; body: string } | { kind: 'delete' });
}

/** Body of a pack: the rows in order, each with its keys, its version and its body. */
const packSchema = z.array(z.tuple([z.string(), z.string(), z.number(), z.string()]));

const nameOf = ({ pk, sk }: Pick<RowKey, 'pk' | 'sk'>): string => JSON.stringify([pk, sk]);

const byKey = (one: Row, other: Row): number => compareUtf8(one.pk, other.pk) || compareUtf8(one.sk, other.sk);

/** The rows that share one row of the store below, as they were at one version of it. */
export class Pack {
  /** 0 when the row is not there. */
  readonly version: number;
  readonly #rows: ReadonlyMap<string, Row>;

  constructor(version = 0, rows: ReadonlyMap<string, Row> = new Map()) {
    this.version = version;
    this.#rows = rows;
  }

  /** Characters in its bodies, about. */
  get size(): number {
    let size = 0;
    for (const { body } of this.#rows.values()) size += body.length;
    return size;
  }

  get(key: Pick<RowKey, 'pk' | 'sk'>): Row | undefined {
    const row = this.#rows.get(nameOf(key));
    return row && { ...row };
  }

  /** All rows, in order. */
  rows(): Row[] {
    return [...this.#rows.values()].sort(byKey).map((row) => ({ ...row }));
  }

  /** The same rows at another version of the row below. */
  at(version: number): Pack {
    return new Pack(version, this.#rows);
  }

  /** What these writes come to, one after the other, if the pack is still as it is here. */
  plan(ops: readonly WriteOp[]): PackPlan {
    const rows = new Map(this.#rows);
    let changed = false;
    const results = ops.map((op) => {
      const name = nameOf(op);
      const { result, row } = outcomeOf(op, rows.get(name));
      if (!result.applied || (row === undefined && !rows.has(name))) return result;
      changed = true;
      if (row === undefined) rows.delete(name);
      else rows.set(name, row);
      return result;
    });
    const pack = new Pack(this.version, rows);
    return changed ? { results, pack, change: pack.#change() } : { results, pack };
  }

  #change(): NonNullable<PackPlan['change']> {
    const when = this.version === 0 ? 'absent' : { version: this.version };
    if (this.#rows.size === 0) return { kind: 'delete', when };
    const body = JSON.stringify(this.rows().map(({ pk, sk, version, body: text }) => [pk, sk, version, text]));
    return { kind: 'put', when, body };
  }
}

/** The pack that a row of the store below holds. */
export const packFrom = ({ version, body }: Row): Pack => {
  const entries = packSchema.parse(JSON.parse(body));
  return new Pack(
    version,
    new Map(entries.map(([pk, sk, own, text]) => [nameOf({ pk, sk }), { pk, sk, version: own, body: text }])),
  );
};
