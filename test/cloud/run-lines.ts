import type { FullRun } from './full-run.ts';

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** A full run as a table of Markdown. */
export const runLines = ({ events, calls, tookMs, kills, keys, ...run }: FullRun): string => {
  const { judgement, ledger, triggers, instancesUsed, faults } = run;
  const unanswered = judgement.failed.filter(({ reason }) => reason === 'attempt-unknown').length;
  const rows: [string, unknown][] = [
    ['events accepted', `${judgement.accepted} of ${events}, in ${calls} calls of 1, 16 and 100`],
    ['events told', judgement.told],
    ['events lost', judgement.lost.length],
    [
      'told twice',
      `${judgement.duplicates}, of these without an attempt that nobody answered: ${judgement.unexplained.length}`,
    ],
    ['windows of a provider with more than its limit', judgement.overQuota.length],
    ['calls that a provider refused', judgement.refused],
    [
      'given up',
      `${judgement.failed.length}, of these because nobody answered and the channel never repeats: ${unanswered}`,
    ],
    [
      'books',
      `${ledger.balanced ? 'balanced' : 'NOT balanced'}: ${listed({ ...ledger, balanced: 0 }).replace(/, balanced 0.*/, '')}`,
    ],
    ['instances killed', kills],
    ['instances used', listed(instancesUsed)],
    ['faults', listed(faults)],
    ['batches of the triggers', listed({ ...triggers })],
    ['temporary keys', keys],
    ['took', `${Math.round(tookMs / 1_000)} s`],
  ];
  return ['| | |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | ${String(value)} |`)].join('\n');
};
