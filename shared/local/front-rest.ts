/** So long without a call, and the front has time for other work. */
const REST_MS = 20;
/** Instants are kept in 31 bits, which is enough for differences of less than 24 days. */
const MASK = 0x7fff_ffff;

/** Memory that two threads share. */
export const sharedInstant = (): Int32Array => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Tells other threads whether the front has calls to answer. */
export class FrontRest {
  readonly #lastCall: Int32Array;

  constructor(lastCall: Int32Array) {
    this.#lastCall = lastCall;
  }

  /** A call has come. */
  noteCall(nowMs: number): void {
    Atomics.store(this.#lastCall, 0, nowMs & MASK);
  }

  /** Whether no call has come for some time. */
  rests(nowMs: number): boolean {
    return ((nowMs - Atomics.load(this.#lastCall, 0)) & MASK) >= REST_MS;
  }
}
