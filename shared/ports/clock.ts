/** The only source of time; no rule reads the wall clock by itself. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
}
