/** The bodies of so many messages of other threads may lie in the memory of the one that consumes. */
const PLACES = 64;

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
    Atomics.add(this.#shared, 0, this.#left);
    this.#left = 0;
  }
}
