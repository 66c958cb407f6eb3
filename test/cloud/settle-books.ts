import type { CloudRig, Ledger } from './cloud-rig.ts';

const STEP_MS = 600_000;
const MAX_STEPS = 12;

/** Lets time go by until nothing is under way or deferred any more; the books at that moment. */
export const settleBooks = async (rig: CloudRig): Promise<Ledger> => {
  for (let step = 0; ; step += 1) {
    await rig.cloud.runDry(STEP_MS);
    const ledger = await rig.ledger();
    const isSettled = ledger.inFlight === 0 && ledger.deferred === 0;
    if (isSettled || step === MAX_STEPS) return ledger;
    rig.cloud.clock.skip(STEP_MS / 2);
  }
};
