import type { SmqFault } from '../smq-server.ts';
import type { OtsFault } from '../tablestore-server.ts';

interface Chance<F> {
  name: string;
  /** From 0 to 1, for each call. */
  chance: number;
  fault: F;
}

const SMQ_CHANCES: readonly Chance<SmqFault>[] = [
  { name: 'smq-throttled', chance: 0.01, fault: { status: 403, code: 'QpsLimitExceeded' } },
  { name: 'smq-unavailable', chance: 0.002, fault: { status: 503, code: 'ServiceUnavailable' } },
  { name: 'smq-reset', chance: 0.005, fault: 'reset' },
  { name: 'smq-taken-then-reset', chance: 0.005, fault: 'taken-then-reset' },
  { name: 'smq-half-taken', chance: 0.005, fault: 'half-taken' },
  { name: 'smq-slow', chance: 0.01, fault: { slowMs: 300 } },
];

const OTS_CHANCES: readonly Chance<OtsFault>[] = [
  { name: 'ots-throttled', chance: 0.01, fault: { status: 403, code: 'OTSCapacityUnitExhausted' } },
  { name: 'ots-busy', chance: 0.002, fault: { status: 503, code: 'OTSServerBusy' } },
  { name: 'ots-reset', chance: 0.005, fault: 'reset' },
  { name: 'ots-done-then-reset', chance: 0.005, fault: 'done-then-reset' },
  { name: 'ots-garbage', chance: 0.002, fault: 'garbage' },
  { name: 'ots-row-conflict', chance: 0.005, fault: { rows: 'OTSRowOperationConflict' } },
  { name: 'ots-slow', chance: 0.01, fault: { slowMs: 300 } },
];

/** Decides by chance which calls of the services go wrong, while it is switched on, and counts what it did. */
export class CloudFaults {
  /** Switched off at first. */
  on = false;
  readonly injected: Record<string, number> = {};
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** For the server of SMQ. */
  readonly smq = (): SmqFault | undefined => this.#roll(SMQ_CHANCES);
  /** For the server of Tablestore. */
  readonly ots = (): OtsFault | undefined => this.#roll(OTS_CHANCES);

  #roll<F>(chances: readonly Chance<F>[]): F | undefined {
    if (!this.on) return undefined;
    let rest = this.#random();
    for (const { name, chance, fault } of chances) {
      rest -= chance;
      if (rest >= 0) continue;
      this.injected[name] = (this.injected[name] ?? 0) + 1;
      return fault;
    }
    return undefined;
  }
}
