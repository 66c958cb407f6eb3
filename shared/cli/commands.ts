import { parseArgs } from 'node:util';
import type { Language } from '../domain/delivery.ts';
import { checkCommand } from './check-command.ts';
import type { Environment } from './command-environment.ts';
import { type CommandOptions, OPTIONS, optionsFor } from './command-options.ts';
import { CommandError, type CommandResult, done, usage } from './command-result.ts';
import { historyCommand } from './history-command.ts';
import { hostClient } from './host-client.ts';
import { importCommand } from './import-command.ts';
import { playbookCommand } from './playbook-command.ts';
import { replayCommand } from './replay-command.ts';
import { routeCommand } from './route-command.ts';
import { sendCommand } from './send-command.ts';
import { applyCommand, diffCommand, exportCommand, schemaCommand } from './settings-commands.ts';
import { testCommand } from './test-command.ts';
import { whatIfCommand } from './what-if-command.ts';
import { whyCommand } from './why-command.ts';

/** What a command gets: its words after the command name, and what it may use. */
interface CommandInput {
  words: readonly string[];
  language: Language;
  env: Environment;
  options: CommandOptions;
}

/** One command. Throws CommandError when it cannot be done. */
type Command = (input: CommandInput) => Promise<CommandResult>;

const HELP = `Usage: fenghuo <command>

  send FILE...                 send events to the host; - reads standard input
  why EVENT_ID                 everything that was decided about one event
  route FILE                   dry run: who would get this event, and why
  check FILE                   check a settings file without a host; --recent 7d also against what the host received
  apply FILE                   check a settings file and put it in force
  diff FILE                    what apply would change
  export                       print the settings in force as YAML, secrets masked
  history [VERSION]            who changed the settings, or what one version has changed
  schema                       print the JSON Schema of the settings file
  import FILE...               settings made of the vendor's own JSON (robots, notices, contacts, rules, policies)
  test contact|chatbot NAME    send a test message now
  what-if FILE --since 7d      messages per target and hour before and after, from what the host received; --json
  replay --from T --to T       send again what did not arrive; --subscription --code --status --ids --force --dry-run
  playbook verify|run FILE     findings about a playbook, or run it now; a second file is its event

  --env FILE                   import: where to write the secrets it found, for \${env:NAME}
  --note TEXT                  why, for the history (apply)
  --lang zh|en                 language of what is printed; else from LANG
  --help                       this text

The host is found through FENGHUO_URL and FENGHUO_TOKEN, else through the data directory (FENGHUO_DATA_DIR, ./.fenghuo).
Exit codes: 0 ok, 1 findings or refused, 2 usage.
`;

const NOT_UNDERSTOOD =
  'The host answers in a form that this command line does not know: use the one that came with the host.\n';

const COMMANDS: Readonly<Record<string, Command>> = {
  send: ({ words, env }) => sendCommand(words, hostClient(env)),
  why: ({ words, language, env }) => whyCommand(words, language, hostClient(env)),
  route: ({ words, language, env }) => routeCommand(words, language, hostClient(env)),
  check: (input) => checkCommand(input, hostClient(input.env)),
  apply: (input) => applyCommand(input, hostClient(input.env)),
  diff: ({ words, env }) => diffCommand(words, env, hostClient(env)),
  export: ({ words, env }) => exportCommand(words, hostClient(env)),
  import: ({ words, language, options }) => importCommand(words, language, options.env),
  history: ({ words, language, env }) => historyCommand(words, language, hostClient(env)),
  schema: async ({ words, language }) => schemaCommand(words, language),
  playbook: ({ words, language, env }) => playbookCommand(words, language, hostClient(env)),
  test: ({ words, language, env }) => testCommand(words, language, hostClient(env)),
  'what-if': (input) => whatIfCommand(input, hostClient(input.env)),
  replay: (input) => replayCommand(input, hostClient(input.env)),
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
      options: { lang: { type: 'string' }, help: { type: 'boolean', short: 'h' }, ...OPTIONS },
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
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw usage(`There is no command "${name}". fenghuo --help lists all.`);
  const { lang, help: _, ...given } = values;
  const options = optionsFor(name, given);
  return command({ words, language: languageOf(lang, env), env, options });
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
