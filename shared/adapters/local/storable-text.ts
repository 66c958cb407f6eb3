import type { RowKey, WriteOp } from '../../ports/table-store.ts';

const NUL = '\0';
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A key or body that would come back changed; a bug of the caller, since neither JSON text nor our ids hold such characters. */
export class UnstorableTextError extends Error {
  readonly code = 'unstorable-text';
  constructor(what: string) {
    super(`${what} holds a NUL character or half a surrogate pair`);
    this.name = 'UnstorableTextError';
  }
}

/** Whether the text is cut at a NUL by the SQLite binding; JSON text writes NUL as an escape. */
export const holdsNul = (text: string): boolean => text.includes(NUL);

/** Throws UnstorableTextError unless the key comes back as it is. */
const assertStorableKey = ({ table, pk, sk }: RowKey): void => {
  const key = sk === '' ? pk : pk + sk;
  if (holdsNul(key) || LONE_SURROGATE.test(key)) throw new UnstorableTextError(`a key of ${table}`);
};

/** Throws UnstorableTextError unless all these writes come back as they are. */
export const assertStorable = (writes: readonly WriteOp[]): void => {
  for (const write of writes) {
    assertStorableKey(write);
    if (write.kind === 'put' && holdsNul(write.body)) throw new UnstorableTextError(`a body of ${write.table}`);
  }
};

/** The text with what cannot be stored made visible, for words that only people read. */
export const storableWords = (text: string): string => text.replaceAll(NUL, '\ufffd');
