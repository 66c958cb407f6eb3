import { writeFileSync } from 'node:fs';

/** One line of the report. Floor and aim are in the row's own unit; `peer` is absent where there is nothing to compare. */
export interface ReportRow {
  row: string;
  unit: string;
  ours: number;
  /** Whether more or less is good; absent for a line that only informs. */
  good?: 'more' | 'less';
  floor?: number;
  aim?: number;
  peer?: number;
  /** Where the peer's figure comes from, or what else a reader must know. */
  note?: string;
}

/** What one benchmark found. */
export interface Report {
  at: string;
  machine: Readonly<Record<string, string | number>>;
  peer: string;
  rows: ReportRow[];
  /** Lost, repeated or refused events; empty when all is well. */
  problems: string[];
}

const HEADINGS = ['row', 'unit', 'ours', 'floor', 'aim', 'peer', 'ratio', 'verdict', 'note'] as const;

const digitsOf = (value: number): number => {
  if (Math.abs(value) >= 100) return 0;
  return Math.abs(value) >= 10 ? 1 : 2;
};

const shown = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value)
    ? ''
    : value.toLocaleString('en-US', { maximumFractionDigits: digitsOf(value) });

const reaches = (row: ReportRow, mark: number | undefined): boolean =>
  mark === undefined || (row.good === 'less' ? row.ours <= mark : row.ours >= mark);

/** How a row stands: `ok` where there is a floor only. A figure that is missing reaches nothing. */
export const verdictOf = (row: ReportRow): 'aim' | 'floor' | 'ok' | 'BELOW' | '' => {
  if (row.good === undefined || (row.floor === undefined && row.aim === undefined)) return '';
  if (!reaches(row, row.floor)) return 'BELOW';
  if (row.aim === undefined) return 'ok';
  return reaches(row, row.aim) ? 'aim' : 'floor';
};

const cellsOf = (row: ReportRow): string[] => [
  row.row,
  row.unit,
  shown(row.ours),
  shown(row.floor),
  shown(row.aim),
  shown(row.peer),
  row.peer === undefined ? '' : `${shown(row.ours / row.peer)}x`,
  verdictOf(row),
  row.note ?? '',
];

/** The rows as a table for a terminal, which is also valid Markdown. */
export const tableOf = (rows: readonly ReportRow[]): string => {
  const lines = [[...HEADINGS], ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const written = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [written[0], rule, ...written.slice(1)].join('\n');
};

/** Writes the report as JSON. */
export const saveReport = (report: Report, file: string): void => {
  const rows = report.rows.map((row) => ({
    ...row,
    verdict: verdictOf(row),
    ...(row.peer === undefined ? {} : { ratio: row.ours / row.peer }),
  }));
  writeFileSync(file, `${JSON.stringify({ ...report, rows }, null, 2)}\n`);
};
