/** The bodies of so many messages of other threads may lie in the memory of the one that consumes. */
const PLACES = 64;
/** Where what is in the shared memory. */
const [FREE, WAITING, NUMBERS] = [0, 1, 2];

/** Memory that the thread which consumes shares with the others. */
export const sharedRoom = (): Int32Array =>
  new Int32Array(new SharedArrayBuffer(NUMBERS * Int32Array.BYTES_PER_ELEMENT));

/** How many messages waited for a call when the thread that consumes looked last; those that have a place do not count. */
export const waitingIn = (shared: Int32Array): number => Atomics.load(shared, WAITING);

/** Takes one place, unless there is none. */
export const takePlace = (shared: Int32Array): boolean => {
  if (Atomics.load(shared, FREE) <= 0) return false;
  Atomics.sub(shared, FREE, 1);
  return true;
};

/** Gives back places that were taken for messages which were not written. */
export const returnPlaces = (shared: Int32Array, places: number): void => {
  Atomics.add(shared, FREE, places);
};

/**
 * How many messages of other threads this one takes unasked. The number is shared with the store worker, which takes a place for each
 * message that it hands over; places that were used are offered again only when nothing older waits.
 */
export class Room {
  readonly #shared: Int32Array | undefined;
  #left = 0;
  #opened = false;

  constructor(shared: Int32Array | undefined) {
    this.#shared = shared;
  }

  /** Offers all places, the first time that it is called: there is somebody now who consumes. */
  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    this.leave(PLACES);
  }

  /** Notes that places are not used any more. */
  leave(places: number): void {
    this.#left += places;
  }

  /** Offers the places that were left. */
  reopen(): void {
    if (this.#shared === undefined || this.#left === 0) return;
    returnPlaces(this.#shared, this.#left);
    this.#left = 0;
  }

  /** Tells the other threads how many messages wait for a call without a place. */
  tell(waiting: number): void {
    if (this.#shared !== undefined) Atomics.store(this.#shared, WAITING, waiting);
  }
}
