/** Another process, or another platform in this one, has the data directory open; nothing was changed in it. */
export class DataDirectoryLockedError extends Error {
  readonly code = 'data-directory-locked';
  readonly dataDir: string;
  constructor(dataDir: string, options?: ErrorOptions) {
    super(
      `The data directory ${dataDir} is in use by another running Fenghuo. Stop that one first, or set FENGHUO_DATA_DIR to another directory.`,
      options,
    );
    this.name = 'DataDirectoryLockedError';
    this.dataDir = dataDir;
  }
}
