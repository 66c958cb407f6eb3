import { createSealer, type SealerKeys } from '../adapters/crypto/sealer.ts';
import type { LocalStore } from '../adapters/local/local-store.ts';
import { type LocalSender, senderOn } from '../adapters/local/open.ts';
import { type Sealer, SecretsUnreadableError } from '../ports/secrets.ts';
import { systemClock } from '../runtime/system-clock.ts';
import type { DocumentPorts } from '../stages/settings-document.ts';
import { sealStoredSettings } from '../stages/settings-sealing.ts';
import { secretKeys } from './data-directory.ts';
import type { HostEnvironment } from './environment.ts';

const LOOK_AGAIN_MS = 2_000;

/** The store, the way to it for this thread, and what seals and opens the secrets in it. */
export interface SealedStore {
  store: LocalStore;
  local: LocalSender;
  sealer: Sealer;
  keys: SealerKeys;
}

const sealed = async (ports: DocumentPorts): Promise<'done' | 'nothing-to-do' | SecretsUnreadableError> => {
  try {
    return (await sealStoredSettings(ports)) ? 'done' : 'nothing-to-do';
  } catch (error) {
    if (error instanceof SecretsUnreadableError) return error;
    throw error;
  }
};

const connected = async (opening: Promise<LocalStore>): Promise<Pick<SealedStore, 'store' | 'local'>> => {
  const store = await opening;
  return { store, local: senderOn(store.connect('sender'), { clock: systemClock }) };
};

const closed = async ({ store, local }: Pick<SealedStore, 'store' | 'local'>): Promise<void> => {
  await local.close();
  await store.close();
};

/** Opens the store and seals what an earlier release, or an older key, has left in the settings. */
export const openSealedStore = async (
  environment: HostEnvironment,
  open: () => Promise<LocalStore>,
): Promise<SealedStore> => {
  const opened = await connected(open());
  let keyed: Pick<SealedStore, 'sealer' | 'keys'>;
  try {
    const keys = await secretKeys(environment.dataDir, environment);
    keyed = { keys, sealer: createSealer(keys) };
    if ((await sealed({ store: opened.local.store, sealer: keyed.sealer })) !== 'done') return { ...opened, ...keyed };
  } catch (error) {
    await closed(opened);
    throw error;
  }
  // What was replaced is wiped only in the log of the store; closing carries that into the main file and removes the log.
  await closed(opened);
  return { ...(await connected(open())), ...keyed };
};

type Stop = () => Promise<void>;

/** Work that has begun, or waits for settings that can be read. */
export interface Work {
  stop: Stop;
  /** Why it waits. */
  problem?: string;
}

/**
 * Starts the work now or, when the secrets of the settings cannot be opened, as soon as they can: what is accepted meanwhile waits
 * and uses up no attempts.
 */
export const startWhenReadable = async (ports: DocumentPorts, start: () => Promise<Stop>): Promise<Work> => {
  const found = await sealed(ports);
  if (typeof found === 'string') return { stop: await start() };
  let begun: Promise<Stop> | undefined;
  const look = async (): Promise<void> => {
    const again = await sealed(ports).catch(() => found);
    if (again === found || again instanceof SecretsUnreadableError || timer === undefined) return;
    end();
    begun = start();
  };
  let timer: NodeJS.Timeout | undefined = setInterval(() => void look(), LOOK_AGAIN_MS);
  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    problem: found.message,
    stop: async () => {
      end();
      await (await begun)?.();
    },
  };
};
