import type { ReportRow } from './report.ts';

/** The groups of the benchmark by name, in the order in which they run. */
export type Groups<Context> = Readonly<Record<string, (context: Context) => Promise<ReportRow[]>>>;

/** A group was asked for that does not exist. */
export class UnknownGroupError extends Error {
  readonly code = 'unknown-group';
  constructor(name: string, known: readonly string[], options?: ErrorOptions) {
    super(`there is no group '${name}'; there are ${known.join(', ')}`, options);
    this.name = 'UnknownGroupError';
  }
}

/** The groups named in a list with commas, all when there is no list. Throws {@link UnknownGroupError}. */
export const chosenGroups = <Context>(all: Groups<Context>, only?: string): Groups<Context> => {
  if (only === undefined) return all;
  const wanted = only.split(',').map((name) => name.trim());
  const known = Object.keys(all);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UnknownGroupError(unknown, known);
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
};

/** How the progress is told: `say` gets one line at a time, `nowMs` is any clock that goes on evenly. */
export interface Progress {
  say(line: string): void;
  nowMs(): number;
}

const seconds = (fromMs: number, toMs: number): string => `${((toMs - fromMs) / 1000).toFixed(0)} s`;

/** Runs the groups one after another; says before each how long the one before took, and at the end how long all did. */
export const runGroups = async <Context>(
  groups: Groups<Context>,
  context: Context,
  { say, nowMs }: Progress,
): Promise<ReportRow[]> => {
  const rows: ReportRow[] = [];
  const startMs = nowMs();
  let before = '';
  for (const [name, rowsOf] of Object.entries(groups)) {
    say(`${before}${name} ...`);
    const groupStartMs = nowMs();
    rows.push(...(await rowsOf(context)));
    before = `${name} took ${seconds(groupStartMs, nowMs())}; `;
  }
  say(`${before}all took ${seconds(startMs, nowMs())}`);
  return rows;
};
