import { CrashError } from './guarded-platform.ts';
import { type Access, Places } from './places.ts';

/** Waits for leave to make the next call, which touches this; left out, it may touch anything. */
type Turn = (access?: Access) => Promise<void>;

/** Work that waits for its turn before every call of a store or queue. */
export type Process = (turn: Turn) => Promise<unknown>;

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
  access: Access | undefined;
  go: () => void;
  die: (error: Error) => void;
}

/** What a death touches. */
const NOTHING: Access = { reads: [], writes: [] };

/** What waits for a turn is at its gate when nothing is left to do at once. */
const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const turnAt = (gates: Gate[], dead: ReadonlySet<Gate[]>, access: Access | undefined): Promise<void> =>
  dead.has(gates)
    ? Promise.reject(new CrashError('died'))
    : new Promise((go, die) => {
        gates.push({ access, go, die });
      });

/** What processes share beside the rows and messages that their calls touch. */
export interface Surroundings {
  /** Every process may look at the time whenever it is at work. */
  nowMs(): number;
  /** How often something was done of which the order alone is known: to a provider, or to a queue between calls. */
  deeds(): number;
}

/** What follows was tried before. */
class SeenBeforeError extends Error {
  readonly code = 'seen-before';
}

/**
 * Situations that runs came to, with what they might still do. Schedules that differ only in the order of calls which change nothing for
 * each other come to the same situation, and what follows from it is tried once.
 */
class Situations {
  readonly #left = new Map<string, Bounds[]>();

  /** Whether somebody was here before who might do at least as much; otherwise it is known from now on. */
  isKnown(situation: string, { changes, deaths }: Bounds): boolean {
    const known = this.#left.get(situation) ?? [];
    if (known.some((left) => left.changes >= changes && left.deaths >= deaths)) return true;
    this.#left.set(situation, [...known, { changes, deaths }]);
    return false;
  }
}

/** One way in which processes can take turns; what is not decided yet goes straight on. */
export class Schedule {
  /** The choices so far: which of how many. */
  readonly choices: { at: number; of: number }[] = [];
  /** In words: `b` is a call of the second process, `b!` its death. */
  story = '';
  readonly #decided: readonly number[];
  readonly #bounds: Bounds;
  readonly #situations: Situations;
  readonly #places = new Places();
  /** What each process has found so far, call by call: what it will do next follows from that alone. */
  #found: string[][] = [];
  /** How many of its calls it takes to know all that a process has changed. */
  #telling: number[] = [];
  #changes = 0;
  #deaths = 0;
  #current: number | undefined;

  constructor(decided: readonly number[], bounds: Bounds, situations: Situations) {
    this.#decided = decided;
    this.#bounds = bounds;
    this.#situations = situations;
  }

  /** Whether one of the processes died. */
  get hasDeath(): boolean {
    return this.#deaths > 0;
  }

  /** Lets these processes work, one call at a time, until all have ended. Throws when what would follow was tried before: let that through. */
  async play(processes: readonly Process[], surroundings: Surroundings): Promise<void> {
    const gates: Gate[][] = processes.map(() => []);
    this.#found = processes.map(() => []);
    this.#telling = processes.map(() => 0);
    const dead = new Set<Gate[]>();
    const ended = Promise.all(
      processes.map((process, index) => process((access) => turnAt(gates[index]!, dead, access))),
    );
    await quiet();
    for (let move = this.#next(gates); move !== undefined; move = this.#next(gates)) {
      const waiting = gates[move.process]!;
      const before = { nowMs: surroundings.nowMs(), deeds: surroundings.deeds() };
      const access = move.dies ? NOTHING : waiting[0]?.access;
      if (move.dies) {
        dead.add(waiting);
        for (const { die } of waiting.splice(0)) die(new CrashError('died'));
      } else waiting.shift()?.go();
      await quiet();
      this.#note(move.process, access, { ...before, isDeed: surroundings.deeds() !== before.deeds });
    }
    await ended;
  }

  #next(gates: readonly (readonly Gate[])[]): Move | undefined {
    const moves = this.#moves(gates.flatMap(({ length }, index) => (length > 0 ? [index] : [])));
    if (this.choices.length >= this.#decided.length && this.#wasHere(gates)) throw new SeenBeforeError('seen before');
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

  #note(process: number, access: Access | undefined, at: { nowMs: number; deeds: number; isDeed: boolean }): void {
    const found = this.#found[process]!;
    const mine = `${process}.${found.length}`;
    const versions = access === undefined ? this.#found.join(';') : this.#places.versions(access);
    found.push(`${at.nowMs} ${at.isDeed ? at.deeds : ''} ${versions}`);
    if (access === undefined) this.#places.changeAll(mine);
    else this.#places.change(access, mine);
    if (at.isDeed || access === undefined || access.writes.length > 0) this.#telling[process] = found.length;
  }

  /** Nothing is left of a process that has ended but what it changed. */
  #wasHere(gates: readonly (readonly Gate[])[]): boolean {
    const left = { changes: this.#bounds.changes - this.#changes, deaths: this.#bounds.deaths - this.#deaths };
    const known = gates.map(({ length }, process) =>
      length > 0 ? this.#found[process]! : ['.', ...this.#found[process]!.slice(0, this.#telling[process])],
    );
    return this.#situations.isKnown(`${this.#current ?? ''};${this.hasDeath};${known.join(';')}`, left);
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

/**
 * Runs this for every schedule within the bounds, and no further where another schedule has come to the same situation before; answers how
 * many runs there were. Nothing but what `play` is told about may be shared, and what a process does may depend on nothing else.
 */
export const everySchedule = async (bounds: Bounds, run: (schedule: Schedule) => Promise<void>): Promise<number> => {
  const situations = new Situations();
  let decided: number[] = [];
  for (let runs = 1; ; runs += 1) {
    const schedule = new Schedule(decided, bounds, situations);
    await run(schedule).catch((error: unknown) => {
      if (!(error instanceof SeenBeforeError)) throw error;
    });
    const { choices } = schedule;
    while (choices.length > 0 && choices.at(-1)!.at + 1 === choices.at(-1)!.of) choices.pop();
    const last = choices.at(-1);
    if (last === undefined) return runs;
    decided = [...choices.slice(0, -1).map(({ at }) => at), last.at + 1];
  }
};
