import type { FullRun } from './full-run.ts';
import type { Measured } from './measure.ts';

/** Where the figures of the last full run are kept, from the root of the repository. */
export const FIGURES_FILE = 'docs/figures/cloud-run.json';

/** Everything that a full run of the command found out. */
export interface Figures {
  measured: Measured[];
  /** The timers when nothing happens; `events` is the number of rounds. */
  idle: Measured;
  run: FullRun;
}
