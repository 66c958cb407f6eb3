import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the file with the access token. */
const TOKEN_FILE = 'token';
/** Name of the file that says where the running host listens. */
const ADDRESS_FILE = 'address';

const EXAMPLE_FILE = 'example-version';
const TOKEN_BYTES = 24;

/** Makes the data directory for its owner alone. */
export const prepareDirectory = async (dataDir: string): Promise<void> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
};

const writePrivately = async (path: string, text: string): Promise<void> => {
  const unfinished = `${path}.new`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await chmod(unfinished, 0o600);
  await rename(unfinished, path);
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

/** Leaves the address of this host for the command line. */
export const leaveAddress = (dataDir: string, url: string): Promise<void> =>
  writePrivately(join(dataDir, ADDRESS_FILE), `${url}\n`);

/** Version of the settings that are still the untouched example; empty when there are none. */
export const exampleVersion = (dataDir: string): Promise<string> => readIfThere(join(dataDir, EXAMPLE_FILE));

/** Remembers that this version of the settings is the example. */
export const keepExampleVersion = (dataDir: string, version: string): Promise<void> =>
  writePrivately(join(dataDir, EXAMPLE_FILE), `${version}\n`);
