import { budgetLines, budgetsOf, usedQueues } from './budgets.ts';
import type { Figures } from './figures.ts';
import { runLines } from './run-lines.ts';

/** The page of the figures, made of them: bounds, the full run, and how often each table and queue was used. */
export const figuresPage = ({ measured, run }: Figures): string =>
  [
    '# Figures of the last run in the fake cloud',
    '',
    'Written by `npm run cloud-run`; [0024](../decisions/0024-the-fake-cloud.md) says how it is done.',
    '',
    '## Bounds',
    '',
    'Without faults, with warm functions, burst after burst; scenarios are named for the place that is told and the events in one call.',
    '',
    budgetLines(budgetsOf(measured)),
    '',
    '## Where the rows and requests go',
    '',
    '| scenario | events | rows written / read, by table | requests sent / received / deleted, by queue |',
    '|---|---|---|---|',
    ...measured.map((one) => {
      const { name, events, tables } = one;
      const rows = Object.entries(tables).map(([table, used]) => `${table} ${used.rowsWritten} / ${used.rowsRead}`);
      const requests = usedQueues(one).map(
        ([queue, used]) => `${queue} ${used.send} / ${used.receive} / ${used.delete}`,
      );
      return `| ${name} | ${events} | ${rows.join(', ')} | ${requests.join(', ')} |`;
    }),
    '',
    '## Among faults and kills',
    '',
    runLines(run),
    '',
  ].join('\n');
