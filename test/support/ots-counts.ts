/** Capacity is billed in units of 4 KB: help.aliyun.com Tablestore "Read/write throughput". */
const UNIT_BYTES = 4_096;

const unitsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / UNIT_BYTES));

/** Rows and capacity units of one table. */
export interface TableCounts {
  rowsWritten: number;
  rowsRead: number;
  writeUnits: number;
  readUnits: number;
}

/** What a server of Tablestore was asked for, as the bill counts it. */
export class OtsCounts {
  calls: Record<string, number> = {};
  tables: Record<string, TableCounts> = {};

  called(operation: string): void {
    this.calls[operation] = (this.calls[operation] ?? 0) + 1;
  }

  /** A row that was to be written; one under a condition on what is there is read first. */
  wrote(table: string, bytes: number, isConditional: boolean): void {
    const counts = this.#of(table);
    counts.rowsWritten += 1;
    counts.writeUnits += unitsOf(bytes);
    if (isConditional) counts.readUnits += 1;
  }

  read(table: string, rows: number, bytes: number): void {
    const counts = this.#of(table);
    counts.rowsRead += rows;
    counts.readUnits += unitsOf(bytes);
  }

  reset(): void {
    this.calls = {};
    this.tables = {};
  }

  #of(table: string): TableCounts {
    this.tables[table] ??= { rowsWritten: 0, rowsRead: 0, writeUnits: 0, readUnits: 0 };
    return this.tables[table];
  }
}
