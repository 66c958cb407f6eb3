import type { Clock } from '../../ports/clock.ts';
import type { Pack } from './pack.ts';

/** What is kept at most, in characters of the bodies. */
const MAX_SIZE = 4_000_000;
/** A row that was removed and made anew counts its versions from the beginning; that takes longer than this. */
const MAX_AGE_MS = 60_000;

/** Packs as this instance last wrote them. What is here may be old: it is believed only by a write that the version of the row confirms. */
export class KnownPacks {
  readonly #clock: Clock;
  readonly #packs = new Map<string, { pack: Pack; size: number; atMs: number }>();
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(pk: string): Pack | undefined {
    const known = this.#packs.get(pk);
    if (known === undefined) return undefined;
    const ageMs = this.#clock.nowMs() - known.atMs;
    if (ageMs >= 0 && ageMs < MAX_AGE_MS) return known.pack;
    this.forget(pk);
    return undefined;
  }

  keep(pk: string, pack: Pack): void {
    this.forget(pk);
    if (pack.version === 0) return;
    const { size } = pack;
    this.#packs.set(pk, { pack, size, atMs: this.#clock.nowMs() });
    this.#size += size;
    for (const oldest of this.#packs.keys()) {
      if (this.#size <= MAX_SIZE) return;
      this.forget(oldest);
    }
  }

  forget(pk: string): void {
    this.#size -= this.#packs.get(pk)?.size ?? 0;
    this.#packs.delete(pk);
  }
}
