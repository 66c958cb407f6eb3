/** Lets those who want the same thing go one after the other, in the order in which they came. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when everybody who came before and wants any of these has left; the result is called to leave. */
  async take(names: readonly string[]): Promise<() => void> {
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const before = names.map((name) => this.#last.get(name));
    for (const name of names) this.#last.set(name, left);
    await Promise.all(before);
    return () => {
      for (const name of names) if (this.#last.get(name) === left) this.#last.delete(name);
      leave();
    };
  }
}
