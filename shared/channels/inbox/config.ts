/** The address of an inbox is the name of a user, never a URL. */
export const claimsInboxUrl = (): boolean => false;
