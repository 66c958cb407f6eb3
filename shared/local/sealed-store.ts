import { createSealer } from '../adapters/crypto/sealer.ts';
import type { LocalPlatform } from '../adapters/local/open.ts';
import { type Sealer, SecretsUnreadableError } from '../ports/secrets.ts';
import type { DocumentPorts } from '../stages/settings-document.ts';
import { sealStoredSettings } from '../stages/settings-pointer.ts';
import { secretKeys } from './data-directory.ts';
import type { HostEnvironment } from './environment.ts';

const LOOK_AGAIN_MS = 2_000;

/** The store, and what seals and opens the secrets in it. */
export interface SealedStore {
  local: LocalPlatform;
  sealer: Sealer;
}

const sealed = async (ports: DocumentPorts): Promise<'done' | 'nothing-to-do' | SecretsUnreadableError> => {
  try {
    return (await sealStoredSettings(ports)) ? 'done' : 'nothing-to-do';
  } catch (error) {
    if (error instanceof SecretsUnreadableError) return error;
    throw error;
  }
};

/** Opens the store and seals what an earlier release, or an older key, has left in the settings. */
export const openSealedStore = async (
  environment: HostEnvironment,
  open: () => Promise<LocalPlatform>,
): Promise<SealedStore> => {
  const local = await open();
  let sealer: Sealer;
  try {
    sealer = createSealer(await secretKeys(environment.dataDir, environment));
    if ((await sealed({ store: local.store, sealer })) !== 'done') return { local, sealer };
  } catch (error) {
    await local.close();
    throw error;
  }
  // What was replaced is wiped only in the log of the store; closing carries that into the main file and removes the log.
  await local.close();
  return { local: await open(), sealer };
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
export const startWhenReadable = async (ports: DocumentPorts, start: () => Stop): Promise<Work> => {
  const found = await sealed(ports);
  if (typeof found === 'string') return { stop: start() };
  let stop: Stop = () => Promise.resolve();
  const look = async (): Promise<void> => {
    const again = await sealed(ports).catch(() => found);
    if (again === found || again instanceof SecretsUnreadableError || timer === undefined) return;
    end();
    stop = start();
  };
  let timer: NodeJS.Timeout | undefined = setInterval(() => void look(), LOOK_AGAIN_MS);
  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    problem: found.message,
    stop: () => {
      end();
      return stop();
    },
  };
};
