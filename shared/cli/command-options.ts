import { usage } from './command-result.ts';

/** Every option that only some commands take. */
export const OPTIONS = {
  env: { type: 'string' },
  note: { type: 'string' },
  recent: { type: 'string' },
  since: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  subscription: { type: 'string' },
  code: { type: 'string' },
  status: { type: 'string' },
  ids: { type: 'string' },
  json: { type: 'boolean' },
  force: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
} as const;

type OptionName = keyof typeof OPTIONS;

/** The options as they were given. */
export type CommandOptions = Readonly<
  Partial<{ [Name in OptionName]: (typeof OPTIONS)[Name]['type'] extends 'boolean' ? boolean : string }>
>;

const TAKES: Readonly<Record<string, readonly OptionName[]>> = {
  apply: ['note'],
  check: ['recent'],
  import: ['env'],
  'what-if': ['since', 'from', 'to', 'json'],
  replay: ['from', 'to', 'since', 'subscription', 'code', 'status', 'ids', 'force', 'dry-run', 'json'],
};

/** The options of a command; throws a usage error for one that it does not take. */
export const optionsFor = (command: string, given: CommandOptions): CommandOptions => {
  const taken: readonly string[] = TAKES[command] ?? [];
  const strange = Object.keys(given).filter((name) => !taken.includes(name));
  if (strange.length > 0) throw usage(`${command} does not take --${strange.join(' --')}.`);
  return given;
};
