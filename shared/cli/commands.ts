import { parseArgs } from 'node:util';
import type { Language } from '../domain/delivery.ts';
import { CommandError, type CommandResult, done, usage } from './command-result.ts';
import { hostClient } from './host-client.ts';
import { playbookCommand } from './playbook-command.ts';
import { routeCommand } from './route-command.ts';
import { sendCommand } from './send-command.ts';
import { applyCommand, checkCommand, diffCommand, exportCommand } from './settings-commands.ts';
import { testCommand } from './test-command.ts';
import { whyCommand } from './why-command.ts';

/** The environment of the command line. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command gets: its words after the command name, and what it may use. */
interface CommandInput {
  words: readonly string[];
  language: Language;
  env: Environment;
}

/** One command. Throws CommandError when it cannot be done. */
type Command = (input: CommandInput) => Promise<CommandResult>;

const HELP = `Usage: fenghuo <command>

  send FILE...                 send events to the host; - reads standard input
  why EVENT_ID                 everything that was decided about one event
  route FILE                   dry run: who would get this event, and why
  check FILE                   check a settings file without a host
  apply FILE                   check a settings file and put it in force
  diff FILE                    what apply would change
  export                       print the settings in force, secrets masked
  test contact|chatbot NAME    send a test message now
  playbook verify|run FILE     findings about a playbook, or run it now; a second file is its event

  --lang zh|en                 language of what is printed; else from LANG
  --help                       this text

The host is found through FENGHUO_URL and FENGHUO_TOKEN, else through the data directory (FENGHUO_DATA_DIR, ./.fenghuo).
Exit codes: 0 ok, 1 findings or refused, 2 usage.
Later versions bring: replay, what-if, schema.
`;

const NOT_UNDERSTOOD =
  'The host answers in a form that this command line does not know: use the one that came with the host.\n';

const LATER = ['replay', 'what-if', 'schema'];

const COMMANDS: Readonly<Record<string, Command>> = {
  send: ({ words, env }) => sendCommand(words, hostClient(env)),
  why: ({ words, language, env }) => whyCommand(words, language, hostClient(env)),
  route: ({ words, language, env }) => routeCommand(words, language, hostClient(env)),
  check: ({ words, env }) => checkCommand(words, env),
  apply: ({ words, env }) => applyCommand(words, env, hostClient(env)),
  diff: ({ words, env }) => diffCommand(words, env, hostClient(env)),
  export: ({ words, env }) => exportCommand(words, hostClient(env)),
  playbook: ({ words, language, env }) => playbookCommand(words, language, hostClient(env)),
  test: ({ words, language, env }) => testCommand(words, language, hostClient(env)),
};

const languageOf = (given: string | undefined, env: Environment): Language => {
  if (given !== undefined && given !== 'zh' && given !== 'en') throw usage('--lang is zh or en');
  const locale = env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? '';
  return given ?? (locale.toLowerCase().startsWith('zh') ? 'zh' : 'en');
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { lang: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (cause) {
    // The rest of what Node says is about programming.
    throw usage(cause instanceof Error ? (cause.message.split('. ', 1)[0] ?? '') : 'cannot read the arguments');
  }
};

const run = async (args: readonly string[], env: Environment): Promise<CommandResult> => {
  const { values, positionals } = parse(args);
  const [name = '', ...words] = positionals;
  if (values.help === true || name === 'help') return done(HELP);
  if (name === '') throw usage(HELP);
  if (LATER.includes(name)) throw usage(`${name} comes with a later version of Fenghuo; nothing was done.`);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw usage(`There is no command "${name}". fenghuo --help lists all.`);
  return command({ words, language: languageOf(values.lang, env), env });
};

/** Runs one command line; never throws for what a user, a file or a host can do wrong. */
export const runCommand = async (args: readonly string[], env: Environment): Promise<CommandResult> => {
  try {
    return await run(args, env);
  } catch (error) {
    if (error instanceof CommandError)
      return { exitCode: error.exitCode, out: '', err: `${error.message.trimEnd()}\n` };
    if (error instanceof Error && error.name.endsWith('ZodError')) return { exitCode: 1, out: '', err: NOT_UNDERSTOOD };
    throw error;
  }
};
