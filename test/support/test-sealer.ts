import { createSealer } from '../../shared/adapters/crypto/sealer.ts';
import type { Sealer } from '../../shared/ports/secrets.ts';

const keyOf = (n: number): Buffer => Buffer.alloc(32, n);

/** A sealer whose newest key is the first number, and that still opens what was sealed under the others. */
export const sealerWith = (newest: number, ...previous: readonly number[]): Sealer =>
  createSealer({ key: keyOf(newest), previous: previous.map(keyOf) });

/** The sealer of tests that do not care. */
export const testSealer = sealerWith(1);
