import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SealerKeys } from '../adapters/crypto/sealer.ts';
import { makeSecretKey, readSecretKey } from '../adapters/crypto/secret-key.ts';

/** Name of the file with the access token. */
const TOKEN_FILE = 'token';
/** Name of the file that says where the running host listens. */
const ADDRESS_FILE = 'address';
/** Name of the file with the key that seals the secrets of the settings. */
const KEY_FILE = 'secret-key';

const EXAMPLE_FILE = 'example-version';
const TOKEN_BYTES = 24;

/** Makes the data directory for its owner alone. */
export const prepareDirectory = async (dataDir: string): Promise<void> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
};

const flush = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
};

/** On the disk when it resolves: what is sealed under a key must not outlive the key. */
const writePrivately = async (path: string, text: string): Promise<void> => {
  const unfinished = `${path}.new`;
  const handle = await open(unfinished, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, path);
  await flush(dirname(path));
};

const readIfThere = async (path: string): Promise<string> =>
  existsSync(path) ? (await readFile(path, 'utf8')).trim() : '';

/** The token that is given, else the one in the data directory, else a new one that is kept there with mode 0600. */
export const accessToken = async (dataDir: string, given: string | undefined): Promise<string> => {
  const path = join(dataDir, TOKEN_FILE);
  const known = await readIfThere(path);
  const token = given ?? (known === '' ? `fh_${randomBytes(TOKEN_BYTES).toString('base64url')}` : known);
  if (token !== known) await writePrivately(path, `${token}\n`);
  return token;
};

/** The file with the key is there but holds no key; nothing was written. */
class SecretKeyDamagedError extends Error {
  readonly code = 'secret-key-damaged';
  constructor(path: string) {
    super(
      `The file ${path} does not hold a key of 32 bytes in Base64. Put it back from a backup; only if it is lost for good remove it, start, and send the whole settings file again.`,
    );
    this.name = 'SecretKeyDamagedError';
  }
}

const keptKey = async (path: string): Promise<Buffer | undefined> => {
  if (!existsSync(path)) return undefined;
  const key = readSecretKey(await readIfThere(path));
  if (key === undefined) throw new SecretKeyDamagedError(path);
  return key;
};

const newKey = async (path: string): Promise<Buffer> => {
  const text = makeSecretKey();
  await writePrivately(path, `${text}\n`);
  return Buffer.from(text, 'base64');
};

/**
 * The keys of the settings: the given one, else the one in the data directory, else a new one that is kept there with mode 0600. A
 * given key is written nowhere; one that is kept beside it still opens. Throws SecretKeyDamagedError.
 */
export const secretKeys = async (
  dataDir: string,
  { secretKey, previousSecretKeys }: { secretKey?: Buffer; previousSecretKeys: readonly Buffer[] },
): Promise<SealerKeys> => {
  const path = join(dataDir, KEY_FILE);
  const kept = await keptKey(path);
  if (secretKey === undefined) return { key: kept ?? (await newKey(path)), previous: previousSecretKeys };
  return { key: secretKey, previous: kept === undefined ? previousSecretKeys : [kept, ...previousSecretKeys] };
};

/** Leaves the address of this host for the command line. */
export const leaveAddress = (dataDir: string, url: string): Promise<void> =>
  writePrivately(join(dataDir, ADDRESS_FILE), `${url}\n`);

/** Version of the settings that are still the untouched example; empty when there are none. */
export const exampleVersion = (dataDir: string): Promise<string> => readIfThere(join(dataDir, EXAMPLE_FILE));

/** Remembers that this version of the settings is the example. */
export const keepExampleVersion = (dataDir: string, version: string): Promise<void> =>
  writePrivately(join(dataDir, EXAMPLE_FILE), `${version}\n`);
