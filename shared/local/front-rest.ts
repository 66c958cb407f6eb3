/** So long without a call, and the front has time for other work. */
const REST_MS = 20;
/** Instants are kept in 31 bits, which is enough for differences of less than 24 days. */
const MASK = 0x7fff_ffff;
/** Where what is in the shared memory. */
const [LAST, UNDER_WAY, NUMBERS] = [0, 1, 2];

/** Memory that two threads share: when the front was called or answered last, and how many calls it has not answered. */
export const sharedCalls = (): Int32Array =>
  new Int32Array(new SharedArrayBuffer(NUMBERS * Int32Array.BYTES_PER_ELEMENT));

/** Tells other threads whether the front has calls to answer. */
export class FrontRest {
  readonly #calls: Int32Array;

  constructor(calls: Int32Array) {
    this.#calls = calls;
  }

  /** A call has come. */
  callBegins(nowMs: number): void {
    Atomics.add(this.#calls, UNDER_WAY, 1);
    Atomics.store(this.#calls, LAST, nowMs & MASK);
  }

  /** It is answered. */
  callEnds(nowMs: number): void {
    Atomics.store(this.#calls, LAST, nowMs & MASK);
    Atomics.sub(this.#calls, UNDER_WAY, 1);
  }

  /** Whether nobody waits for an answer and no call has come for some time. */
  rests(nowMs: number): boolean {
    if (Atomics.load(this.#calls, UNDER_WAY) > 0) return false;
    return ((nowMs - Atomics.load(this.#calls, LAST)) & MASK) >= REST_MS;
  }
}
