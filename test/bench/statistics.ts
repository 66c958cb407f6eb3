/** The value below which that share of the sorted numbers lies; NaN when there is none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The middle of the numbers; NaN when there is none. */
export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

/** A line through points: its rise for each unit of x, and the standard deviation of the points from it; NaN when there is no line. */
export const trendOf = (points: readonly (readonly [x: number, y: number])[]): { slope: number; scatter: number } => {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope = mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) / mean(points.map(([x]) => (x - meanX) ** 2));
  const scatter = Math.sqrt(mean(points.map(([x, y]) => (y - meanY - slope * (x - meanX)) ** 2)));
  return { slope, scatter };
};
