/** How long a provider is taken to need for an answer, in milliseconds, when the command is told nothing else. */
export const PROVIDER_MS = 200;
