import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 100;

/** The books of a host as GET /api/ledger tells them. */
export interface LedgerReading {
  accepted: number;
  delivered: number;
  merged: number;
  suppressed: number;
  deferred: number;
  refused: number;
  dead: number;
  inFlight: number;
  balanced: boolean;
}

/** Address and token of a host. */
export interface HostAccess {
  url: string;
  token: string;
}

/** Reads the books of a host; throws when it does not answer 200. */
const readLedger = async ({ url, token }: HostAccess): Promise<LedgerReading> => {
  const answer = await fetch(`${url}/api/ledger`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`GET /api/ledger answered ${answer.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as LedgerReading;
};

/** Reads the books until they satisfy the condition, or gives the last reading when the time is over. */
export const untilLedger = async (
  host: HostAccess,
  timeoutMs: number,
  holds: (ledger: LedgerReading) => boolean,
): Promise<LedgerReading> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const ledger = await readLedger(host);
    if (holds(ledger) || performance.now() > deadline) return ledger;
    await wait(POLL_MS);
  }
};
