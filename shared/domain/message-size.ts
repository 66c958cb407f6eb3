/** Largest body of a queue message in bytes: 64 KB of SMQ after base64, with room for its XML. */
export const MAX_MESSAGE_BYTES = 47_000;
