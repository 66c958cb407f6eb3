const MAX_WAIT_MS = 86_400_000;
const MIN_WAIT_MS = 1_000;

const waitOf = (value: string, nowMs: number): number | undefined => {
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const atMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs - nowMs;
};

/** How long a `Retry-After` header (seconds or a date) asks to wait, between one second and one day; undefined when it says nothing. */
export const retryAfterMs = (header: string | undefined, nowMs: number): number | undefined => {
  const wait = header === undefined ? undefined : waitOf(header, nowMs);
  return wait === undefined ? undefined : Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, wait));
};
