import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { TABLES } from '../../ports/table-store.ts';
import { DataDirectoryLockedError } from './data-directory-locked-error.ts';

/** One connection; the worker owns the only one. */
export type Connection = InstanceType<typeof Database>;

const FORMAT = 1;
const PAGE_BYTES = 8192; // as fast as 4 KB for small rows, better for bodies of several KB
const CACHE_KIB = 4096; // what is written and read again is young: 16 MB were not faster, and stayed with the process
const CHECKPOINT_PAGES = 2000; // 16 MB of log: rarer checkpoints cost more here, not less

const SCHEMA = [
  ...TABLES.map(
    (table) => `CREATE TABLE IF NOT EXISTS "${table}" (
      pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (pk, sk))`,
  ),
  `CREATE TABLE IF NOT EXISTS queue_message (
    id INTEGER PRIMARY KEY, queue TEXT NOT NULL, attempt INTEGER NOT NULL, due_ms INTEGER NOT NULL, body TEXT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS queue_dead_letter (
    place INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    reason TEXT NOT NULL, body TEXT NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS queue_dead_letter_by_queue ON queue_dead_letter (queue, place)',
  'CREATE TABLE IF NOT EXISTS store_opening (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL)',
];

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Makes the directory for its owner alone; one that is there already keeps its mode. */
const makeDirectory = (dataDir: string): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
};

/**
 * Makes an empty file for its owner alone. One that is there is never opened here: closing any descriptor of a file ends
 * every POSIX lock that this process holds on it, also the one that keeps a second opener out.
 */
const makePrivateFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  chmodSync(path, 0o600);
};

/**
 * Holds the data directory for this process: an exclusive transaction on a file of its own. The operating system ends it
 * with the process, however it dies, and nobody is kept from reading the main file. Throws {@link DataDirectoryLockedError}
 * when somebody else holds it.
 */
export const lockDirectory = (dataDir: string): Connection => {
  makeDirectory(dataDir);
  const path = join(dataDir, 'fenghuo.lock');
  makePrivateFile(path);
  const lock = new Database(path);
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw hasCode(error, 'SQLITE_BUSY') ? new DataDirectoryLockedError(dataDir, { cause: error }) : error;
  }
};

const checkFormat = (db: Connection): void => {
  const format = Number(db.prepare('PRAGMA user_version').raw(true).all([]).flat()[0]);
  if (format > FORMAT)
    throw new Error(`the data has format ${format}, made by a newer Fenghuo; this one knows ${FORMAT}`);
  db.exec(`PRAGMA user_version = ${FORMAT}`);
};

/** Opens the main file: WAL, every commit flushed to the disk before it is confirmed. `maxPages` 0 means no ceiling. */
export const openDatabase = (dataDir: string, maxPages: number): Connection => {
  const path = join(dataDir, 'fenghuo.db');
  makePrivateFile(path);
  const db = new Database(path);
  db.exec('PRAGMA busy_timeout = 5000'); // before anything that may have to wait
  db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.exec('PRAGMA temp_store = MEMORY');
  // The log keeps what was replaced long ago, secrets in the clear among it, until it is carried over and cut.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  checkFormat(db);
  for (const statement of SCHEMA) db.exec(statement);
  if (maxPages > 0) db.exec(`PRAGMA max_page_count = ${maxPages}`);
  return db;
};
