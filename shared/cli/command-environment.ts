/** The environment of the command line. */
export type Environment = Readonly<Record<string, string | undefined>>;
