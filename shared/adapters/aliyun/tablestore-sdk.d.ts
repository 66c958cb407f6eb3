/** What is used of the SDK of Tablestore, which has no types of its own (tablestore 5.6.5). */
declare module 'tablestore' {
  /** An integer of 64 bits; a plain number would be stored as a floating point number. */
  interface Int64 {
    toNumber(): number;
  }

  /** A lower or upper bound of a range. */
  type Bound = { readonly [Symbol.species]?: never };

  type PrimaryKey = readonly Readonly<Record<string, string | Bound>>[];
  type Columns = readonly Readonly<Record<string, string | Int64>>[];

  interface ReturnedRow {
    primaryKey?: readonly { name: string; value: string }[] | null;
    attributes?: readonly { columnName: string; columnValue: string | Int64 }[] | null;
  }

  interface RowVerdict extends ReturnedRow {
    isOk: boolean;
    errorCode: string | null;
    errorMessage: string | null;
  }

  class Condition {
    constructor(existence: number, column: SingleColumnCondition | null);
  }

  class SingleColumnCondition {
    constructor(name: string, value: Int64, comparator: number, passIfMissing: boolean);
  }

  interface WriteRow {
    type: 'PUT' | 'UPDATE' | 'DELETE';
    condition: Condition;
    primaryKey: PrimaryKey;
    attributeColumns?: Columns | readonly Readonly<Record<'PUT' | 'INCREMENT', Columns>>[] | readonly object[];
    returnContent?: { returnType: number; returnColumns?: readonly string[] };
  }

  interface ClientConfig {
    accessKeyId: string;
    secretAccessKey: string;
    securityToken?: string | undefined;
  }

  class Client {
    readonly config: ClientConfig;
    constructor(
      config: ClientConfig & {
        endpoint: string;
        instancename: string;
        maxRetries: number;
        httpOptions: { timeout: number; agent: object };
      },
    );
    getRange(params: {
      tableName: string;
      direction: string;
      inclusiveStartPrimaryKey: PrimaryKey;
      exclusiveEndPrimaryKey: PrimaryKey;
      columnsToGet?: readonly string[];
      limit: number;
      maxVersions: number;
    }): Promise<{
      rows: readonly ReturnedRow[];
      nextStartPrimaryKey?: readonly { name: string; value: string }[] | null;
    }>;
    batchGetRow(params: {
      tables: readonly { tableName: string; primaryKey: readonly PrimaryKey[]; maxVersions: number }[];
    }): Promise<{ tables: readonly (readonly RowVerdict[])[] }>;
    batchWriteRow(params: {
      tables: readonly { tableName: string; rows: readonly WriteRow[] }[];
    }): Promise<{ tables: readonly RowVerdict[] }>;
  }

  const INF_MIN: Bound;
  const INF_MAX: Bound;
  const Long: { fromNumber(value: number): Int64 };
  const Direction: Readonly<Record<'FORWARD' | 'BACKWARD', string>>;
  const RowExistenceExpectation: Readonly<Record<'IGNORE' | 'EXPECT_EXIST' | 'EXPECT_NOT_EXIST', number>>;
  const ComparatorType: Readonly<Record<'EQUAL', number>>;
  const ReturnType: Readonly<Record<'NONE' | 'AfterModify', number>>;
}
