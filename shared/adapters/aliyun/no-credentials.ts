/** Whether a call failed before it was made, because nobody gave credentials for it: another try would fail as well. */
export const hasNoCredentials = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'credentials-missing';
