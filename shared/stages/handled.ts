/** What became of one queue message: finished, or to come again after a while. */
export type Handled = { kind: 'done' } | { kind: 'again'; delayMs: number; reason: string };

/** The message needs nothing more. */
export const DONE: Handled = { kind: 'done' };

/** The message must come again after `delayMs`; the reason goes into the log and, in the end, to the dead letters. */
export const again = (delayMs: number, reason: string): Handled => ({ kind: 'again', delayMs, reason });
