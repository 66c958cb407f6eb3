import { CrashError } from './guarded-platform.ts';

/** Work that waits for its turn before every call of a store or queue. */
export type Process = (turn: () => Promise<void>) => Promise<unknown>;

/** How much may happen in one run: changes to another process while the one at work could go on, and deaths. */
export interface Bounds {
  changes: number;
  deaths: number;
}

interface Move {
  process: number;
  dies: boolean;
}

interface Gate {
  go: () => void;
  die: (error: Error) => void;
}

/** What waits for a turn is at its gate when nothing is left to do at once. */
const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const turnAt = (gates: Gate[], dead: ReadonlySet<Gate[]>): Promise<void> =>
  dead.has(gates)
    ? Promise.reject(new CrashError('died'))
    : new Promise((go, die) => {
        gates.push({ go, die });
      });

/** One way in which processes can take turns; what is not decided yet goes straight on. */
export class Schedule {
  /** The choices so far: which of how many. */
  readonly choices: { at: number; of: number }[] = [];
  /** In words: `b` is a call of the second process, `b!` its death. */
  story = '';
  readonly #decided: readonly number[];
  readonly #bounds: Bounds;
  #changes = 0;
  #deaths = 0;
  #current: number | undefined;

  constructor(decided: readonly number[], bounds: Bounds) {
    this.#decided = decided;
    this.#bounds = bounds;
  }

  /** Whether one of the processes died. */
  get hasDeath(): boolean {
    return this.#deaths > 0;
  }

  /** Lets these processes work, one call at a time, until all have ended. */
  async play(processes: readonly Process[]): Promise<void> {
    const gates: Gate[][] = processes.map(() => []);
    const dead = new Set<Gate[]>();
    const ended = Promise.all(processes.map((process, index) => process(() => turnAt(gates[index]!, dead))));
    await quiet();
    for (let move = this.#next(gates); move !== undefined; move = this.#next(gates)) {
      const waiting = gates[move.process]!;
      if (move.dies) {
        dead.add(waiting);
        for (const { die } of waiting.splice(0)) die(new CrashError('died'));
      } else waiting.shift()?.go();
      await quiet();
    }
    await ended;
  }

  #next(gates: readonly (readonly Gate[])[]): Move | undefined {
    const moves = this.#moves(gates.flatMap(({ length }, index) => (length > 0 ? [index] : [])));
    const at = this.#decided[this.choices.length] ?? 0;
    const move = moves[at];
    if (move === undefined) return undefined;
    this.choices.push({ at, of: moves.length });
    this.story += `${String.fromCharCode(97 + move.process)}${move.dies ? '!' : ''}`;
    if (move.dies) this.#deaths += 1;
    else if (this.#current !== undefined && this.#current !== move.process) this.#changes += 1;
    this.#current = move.dies ? undefined : move.process;
    return move;
  }

  /** First to go straight on, then to change, then to die. */
  #moves(ready: readonly number[]): Move[] {
    const current = this.#current;
    const goesOn = current !== undefined && ready.includes(current);
    if (!goesOn) this.#current = undefined;
    const others = goesOn && this.#changes >= this.#bounds.changes ? [] : ready.filter((one) => one !== current);
    const order = goesOn ? [current, ...others] : others.length > 0 ? others : ready;
    const moves = order.map((process): Move => ({ process, dies: false }));
    return goesOn && this.#deaths < this.#bounds.deaths ? [...moves, { process: current, dies: true }] : moves;
  }
}

/** Runs this once for every schedule within the bounds; answers how many there were. */
export const everySchedule = async (bounds: Bounds, run: (schedule: Schedule) => Promise<void>): Promise<number> => {
  let decided: number[] = [];
  for (let runs = 1; ; runs += 1) {
    const schedule = new Schedule(decided, bounds);
    await run(schedule);
    const { choices } = schedule;
    while (choices.length > 0 && choices.at(-1)!.at + 1 === choices.at(-1)!.of) choices.pop();
    const last = choices.at(-1);
    if (last === undefined) return runs;
    decided = [...choices.slice(0, -1).map(({ at }) => at), last.at + 1];
  }
};
