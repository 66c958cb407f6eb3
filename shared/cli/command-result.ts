/** What a command prints and how it ends: 0 ok, 1 findings or refused, 2 usage. */
export interface CommandResult {
  exitCode: 0 | 1 | 2;
  out: string;
  err: string;
}

/** A command cannot be done; the message is for the user. */
export class CommandError extends Error {
  readonly code = 'command';
  readonly exitCode: 1 | 2;
  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** The command was called in a wrong way. */
export const usage = (message: string): CommandError => new CommandError(2, message);

/** The command was refused, or what it looked at is not good. */
export const refused = (message: string, options?: ErrorOptions): CommandError => new CommandError(1, message, options);

/** The command did its work. */
export const done = (out: string): CommandResult => ({ exitCode: 0, out, err: '' });

/** The single word that a command needs; throws a usage error that says what it is. */
export const onlyWord = (words: readonly string[], what: string): string => {
  const [word] = words;
  if (word === undefined || words.length > 1) throw usage(`This command takes ${what}.`);
  return word;
};
