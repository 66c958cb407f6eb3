import type { Columns, Condition, Int64, PrimaryKey, ReturnedRow, WriteRow } from 'tablestore';
import type { Row, WriteOp, WriteResult } from '../../ports/table-store.ts';
import type { loadTablestore } from './tablestore-client.ts';

type Sdk = Awaited<ReturnType<typeof loadTablestore>>;

/** Names of the keys and columns of every table. */
export const PK = 'pk';
export const SK = 'sk';
const BODY = 'body';
const VERSION = 'version';
/** Who wrote the row last, so that a writer whose answer was lost recognises its own work. */
const WRITER = 'writer';

/** Whether a key column may be empty is not documented, so a sort key is never. */
const SK_PREFIX = '=';

/** A sort key as it is stored; keeps the order. */
export const storedSk = (sk: string): string => SK_PREFIX + sk;

/** The key of a row. */
export const primaryKeyOf = ({ pk, sk }: { pk: string; sk: string }): PrimaryKey => [
  { [PK]: pk },
  { [SK]: storedSk(sk) },
];

const isInteger = (value: string | Int64): value is Int64 => typeof value === 'object';

const columnsOf = ({ attributes }: ReturnedRow): Map<string, string | Int64> =>
  new Map(attributes?.map(({ columnName, columnValue }) => [columnName, columnValue]));

const integerIn = (columns: ReadonlyMap<string, string | Int64>, name: string): number => {
  const value = columns.get(name);
  return value !== undefined && isInteger(value) ? value.toNumber() : 0;
};

const textIn = (columns: ReadonlyMap<string, string | Int64>, name: string): string => {
  const value = columns.get(name);
  return typeof value === 'string' ? value : '';
};

/** A row that was read; undefined when there is none. */
export const rowOf = (returned: ReturnedRow): Row | undefined => {
  const key = new Map(returned.primaryKey?.map(({ name, value }) => [name, value]));
  const pk = key.get(PK);
  const sk = key.get(SK);
  if (pk === undefined || sk === undefined) return undefined;
  const columns = columnsOf(returned);
  return {
    pk,
    sk: sk.slice(SK_PREFIX.length),
    version: integerIn(columns, VERSION),
    body: textIn(columns, BODY),
  };
};

/** Who wrote a row last. */
export const writerOf = (returned: ReturnedRow): string => textIn(columnsOf(returned), WRITER);

const conditionOf = (sdk: Sdk, { when }: WriteOp): Condition => {
  const { IGNORE, EXPECT_EXIST, EXPECT_NOT_EXIST } = sdk.RowExistenceExpectation;
  if (when === 'any') return new sdk.Condition(IGNORE ?? 0, null);
  if (when === 'absent') return new sdk.Condition(EXPECT_NOT_EXIST ?? 0, null);
  const isVersion = new sdk.SingleColumnCondition(
    VERSION,
    sdk.Long.fromNumber(when.version),
    sdk.ComparatorType.EQUAL ?? 0,
    false,
  );
  return new sdk.Condition(EXPECT_EXIST ?? 0, isVersion);
};

const updateOf = (
  sdk: Sdk,
  op: WriteOp & { kind: 'put' },
  writer: string,
): Pick<WriteRow, 'attributeColumns' | 'returnContent'> => {
  const texts: Columns = [{ [BODY]: op.body }, { [WRITER]: writer }];
  if (typeof op.when === 'object')
    return { attributeColumns: [{ PUT: [...texts, { [VERSION]: sdk.Long.fromNumber(op.when.version + 1) }] }] };
  return {
    attributeColumns: [{ PUT: texts }, { INCREMENT: [{ [VERSION]: sdk.Long.fromNumber(1) }] }],
    returnContent: { returnType: sdk.ReturnType.AfterModify ?? 2, returnColumns: [VERSION] },
  };
};

/** One write as the service takes it. A put without a condition counts the version up where it is stored. */
export const writeRowOf = (sdk: Sdk, op: WriteOp, writer: string): WriteRow => {
  const base = { condition: conditionOf(sdk, op), primaryKey: primaryKeyOf(op) };
  if (op.kind === 'delete') return { type: 'DELETE', ...base };
  if (op.when !== 'absent') return { type: 'UPDATE', ...base, ...updateOf(sdk, op, writer) };
  const attributeColumns: Columns = [{ [BODY]: op.body }, { [WRITER]: writer }, { [VERSION]: sdk.Long.fromNumber(1) }];
  return { type: 'PUT', ...base, attributeColumns };
};

/** The result of a write that took effect. */
export const appliedResult = (op: WriteOp, returned: ReturnedRow): WriteResult => {
  if (op.kind === 'delete') return { applied: true, version: 0 };
  if (op.when === 'absent') return { applied: true, version: 1 };
  if (typeof op.when === 'object') return { applied: true, version: op.when.version + 1 };
  return { applied: true, version: integerIn(columnsOf(returned), VERSION) };
};
