/** A value of a cell, as Tablestore writes it. */
export type CellValue = string | bigint | number | boolean | Buffer | { inf: 'min' | 'max' };

/** What a cell does in a change of a row: nothing special, removal, or counting up. */
type CellOp = 'put' | 'delete-all' | 'delete-one' | 'increment';

/** One cell of a row. */
export interface Cell {
  name: string;
  value?: CellValue;
  op: CellOp;
}

/** One row of a plain buffer. */
export interface PlainRow {
  key: Cell[];
  cells: Cell[];
  isDeleted: boolean;
}

const HEADER = 0x75;
const TAG = {
  key: 1,
  data: 2,
  cell: 3,
  name: 4,
  value: 5,
  type: 6,
  time: 7,
  deleted: 8,
  rowSum: 9,
  cellSum: 10,
} as const;
const OPS: ReadonlyMap<number, CellOp> = new Map([
  [1, 'delete-all'],
  [3, 'delete-one'],
  [4, 'increment'],
]);

/** CRC-8 with the polynomial x^8 + x^2 + x + 1. */
const crc8 = (sum: number, bytes: Iterable<number>): number => {
  let crc = sum;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
};

/** What the client sent is not a plain buffer. */
class PlainBufferError extends Error {}

class Reader {
  #at = 0;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    if (this.int32() !== HEADER) throw new PlainBufferError('no header');
  }
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }
  get tag(): number {
    return this.#bytes[this.#at] ?? 0;
  }
  take(tag: number): void {
    if (this.tag !== tag) throw new PlainBufferError(`tag ${this.tag} where ${tag} is due`);
    this.#at += 1;
  }
  isNext(tag: number): boolean {
    if (this.tag !== tag) return false;
    this.#at += 1;
    return true;
  }
  byte(): number {
    this.#at += 1;
    return this.#bytes[this.#at - 1]!;
  }
  bytes(length: number): Buffer {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new PlainBufferError('too short');
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  int32(): number {
    return this.bytes(4).readUInt32LE();
  }
}

const decodeValue = (type: number, rest: Buffer): CellValue => {
  if (type === 0) return rest.readBigInt64LE();
  if (type === 1) return rest.readDoubleLE();
  if (type === 2) return rest[0] !== 0;
  if (type === 9) return { inf: 'min' };
  if (type === 10) return { inf: 'max' };
  if (type !== 3 && type !== 7) throw new PlainBufferError(`value of type ${type}`);
  const bytes = rest.subarray(4, 4 + rest.readUInt32LE());
  return type === 3 ? bytes.toString('utf8') : Buffer.from(bytes);
};

const readValue = (reader: Reader): { value: CellValue; summed: Buffer } => {
  const bytes = reader.bytes(reader.int32());
  return { value: decodeValue(bytes[0]!, bytes.subarray(1)), summed: bytes };
};

const readCell = (reader: Reader): { cell: Cell; sum: number } => {
  reader.take(TAG.cell);
  reader.take(TAG.name);
  const name = reader.bytes(reader.int32());
  let sum = crc8(0, name);
  const cell: Cell = { name: name.toString(), op: 'put' };
  if (reader.isNext(TAG.value)) {
    const { value, summed } = readValue(reader);
    cell.value = value;
    sum = crc8(sum, summed);
  }
  const type = reader.isNext(TAG.type) ? reader.byte() : undefined;
  if (reader.isNext(TAG.time)) sum = crc8(sum, reader.bytes(8));
  if (type !== undefined) {
    cell.op = OPS.get(type)!;
    sum = crc8(sum, [type]);
  }
  reader.take(TAG.cellSum);
  if (reader.byte() !== sum) throw new PlainBufferError(`checksum of cell ${cell.name}`);
  return { cell, sum };
};

const readCells = (reader: Reader, start: number): { cells: Cell[]; sum: number } => {
  const cells: Cell[] = [];
  let sum = start;
  while (reader.tag === TAG.cell) {
    const read = readCell(reader);
    cells.push(read.cell);
    sum = crc8(sum, [read.sum]);
  }
  return { cells, sum };
};

const readRow = (reader: Reader): PlainRow => {
  const key = reader.isNext(TAG.key) ? readCells(reader, 0) : { cells: [], sum: 0 };
  const data = reader.isNext(TAG.data) ? readCells(reader, key.sum) : { cells: [], sum: key.sum };
  const isDeleted = reader.isNext(TAG.deleted);
  reader.take(TAG.rowSum);
  if (reader.byte() !== crc8(data.sum, [isDeleted ? 1 : 0])) throw new PlainBufferError('checksum of a row');
  return { key: key.cells, cells: data.cells, isDeleted };
};

/** The rows of a plain buffer, checksums checked. Throws when it is none. */
export const readPlainRows = (bytes: Uint8Array): PlainRow[] => {
  const reader = new Reader(Buffer.from(bytes));
  const rows: PlainRow[] = [];
  // The SDK reserves a byte more for each infinite bound than it writes.
  while (!reader.isAtEnd && reader.tag !== 0) rows.push(readRow(reader));
  return rows;
};

const textBytes = (type: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.of(type), int32(bytes.length), bytes]);

const valueBytes = (value: CellValue): Buffer => {
  if (typeof value === 'string') return textBytes(3, Buffer.from(value));
  if (typeof value === 'bigint') return Buffer.concat([Buffer.of(0), int64(value)]);
  if (Buffer.isBuffer(value)) return textBytes(7, value);
  throw new PlainBufferError('no value that the server keeps');
};

const cellBytes = ({ name, value = '' }: Cell, atMs: number | undefined): { bytes: Buffer; sum: number } => {
  const nameBytes = Buffer.from(name);
  const encoded = valueBytes(value);
  const time = atMs === undefined ? [] : [Buffer.of(TAG.time), int64(BigInt(atMs))];
  const sum = crc8(crc8(crc8(0, nameBytes), encoded), time[1] ?? []);
  const parts = [
    Buffer.of(TAG.cell, TAG.name),
    int32(nameBytes.length),
    nameBytes,
    Buffer.of(TAG.value),
    int32(encoded.length),
    encoded,
    ...time,
    Buffer.of(TAG.cellSum, sum),
  ];
  return { bytes: Buffer.concat(parts), sum };
};

const rowBytes = ({ key, cells }: PlainRow, atMs: number): Buffer => {
  const keyCells = key.map((cell) => cellBytes(cell, undefined));
  const dataCells = cells.map((cell) => cellBytes(cell, atMs));
  const sum = crc8(
    0,
    [...keyCells, ...dataCells].map((cell) => cell.sum),
  );
  return Buffer.concat([
    Buffer.of(TAG.key),
    ...keyCells.map(({ bytes }) => bytes),
    ...(dataCells.length === 0 ? [] : [Buffer.of(TAG.data)]),
    ...dataCells.map(({ bytes }) => bytes),
    Buffer.of(TAG.rowSum, crc8(sum, [0])),
  ]);
};

/** Rows as a plain buffer, every cell with that time; empty for no rows. */
export const writePlainRows = (rows: readonly PlainRow[], atMs: number): Buffer =>
  rows.length === 0 ? Buffer.alloc(0) : Buffer.concat([int32(HEADER), ...rows.map((row) => rowBytes(row, atMs))]);

/** A value of a condition, which has neither length nor checksum. */
export const readPlainValue = (bytes: Uint8Array): CellValue => {
  const buffer = Buffer.from(bytes);
  return decodeValue(buffer[0]!, buffer.subarray(1));
};
