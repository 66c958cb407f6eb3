import type { Outbox } from '../../shared/ports/outbox.ts';
import type { RowKey, TableStore } from '../../shared/ports/table-store.ts';

/** A row as table, partition and sort key; without the last, the partition; without the last two, the table. */
export type Place = readonly string[];

/** What one call touches. */
export interface Access {
  reads: readonly Place[];
  writes: readonly Place[];
}

/** All queues are one place: the order of messages matters. */
const QUEUES: Place = ['queues'];

const rowOf = ({ table, pk, sk }: RowKey): Place => [table, pk, sk];

/** What the calls of a store touch. */
export const accessOfStore: { [call in keyof TableStore]: (...args: Parameters<TableStore[call]>) => Access } = {
  get: (key) => ({ reads: [rowOf(key)], writes: [] }),
  getMany: (keys) => ({ reads: keys.map(rowOf), writes: [] }),
  range: ({ table, pk }) => ({ reads: [[table, pk]], writes: [] }),
  scan: ({ table }) => ({ reads: [[table]], writes: [] }),
  write: (ops) => ({ reads: [], writes: ops.map(rowOf) }),
};

/** What a commit touches. */
export const accessOfCommit = (...[writes, messages]: Parameters<Outbox['commit']>): Access => ({
  reads: [],
  writes: [...writes.map(rowOf), ...(messages.length === 0 ? [] : [QUEUES])],
});

const nameOf = (place: Place): string => place.join('\0');

/** Who changed what last. A place that holds others has the version of each of them, in whatever order they were changed. */
export class Places {
  readonly #last = new Map<string, string>();
  readonly #within = new Map<string, Map<string, string>>();
  /** Who changed everything last. */
  #all = '';

  /** The versions of all that a call touches. */
  versions({ reads, writes }: Access): string {
    return [this.#all, ...[...reads, ...writes].map((place) => this.#version(nameOf(place)))].join(' ');
  }

  #version(name: string): string {
    const within = this.#within.get(name);
    return within === undefined ? (this.#last.get(name) ?? '') : `[${[...within.values()].sort().join(',')}]`;
  }

  /** This call has changed what it writes. */
  change({ writes }: Access, call: string): void {
    for (const place of writes) {
      const name = nameOf(place);
      this.#last.set(name, call);
      for (let parts = 1; parts < place.length; parts += 1) this.#put(nameOf(place.slice(0, parts)), name, call);
    }
  }

  #put(outer: string, name: string, call: string): void {
    const within = this.#within.get(outer) ?? new Map<string, string>();
    this.#within.set(outer, within.set(name, call));
  }

  /** This call may have changed anything. */
  changeAll(call: string): void {
    this.#last.clear();
    this.#within.clear();
    this.#all = call;
  }
}
