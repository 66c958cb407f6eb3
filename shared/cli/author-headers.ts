import type { Environment } from './command-environment.ts';

/**
 * What a call that changes settings says for the history: who is at this command line, as its system names him, and why. The host
 * keeps it as a claim. Encoded, since names and notes need not be ASCII.
 */
export const authorHeaders = (env: Environment, note: string | undefined): Record<string, string> => {
  const user = env.USER ?? env.LOGNAME ?? env.USERNAME ?? '';
  return {
    ...(user === '' ? {} : { 'x-fenghuo-user': encodeURIComponent(user) }),
    ...(note === undefined ? {} : { 'x-fenghuo-note': encodeURIComponent(note) }),
  };
};
