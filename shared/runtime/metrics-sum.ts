interface Family {
  /** HELP and TYPE. */
  head: string[];
  samples: Map<string, number>;
}

const nameOf = (line: string): string => line.split(' ', 3)[2] ?? '';

const addLine = (families: Map<string, Family>, current: Family | undefined, line: string): Family | undefined => {
  if (line.startsWith('#')) {
    const known = families.get(nameOf(line)) ?? { head: [], samples: new Map<string, number>() };
    if (!known.head.includes(line)) known.head.push(line);
    families.set(nameOf(line), known);
    return known;
  }
  const space = line.lastIndexOf(' ');
  const series = line.slice(0, space);
  if (space > 0) current?.samples.set(series, (current.samples.get(series) ?? 0) + Number(line.slice(space + 1)));
  return current;
};

/** Metrics of several threads as one text in the format of Prometheus: equal series are added up, which is right because all of ours count. */
export const sumMetrics = (texts: readonly string[]): string => {
  const families = new Map<string, Family>();
  for (const text of texts) {
    let current: Family | undefined;
    for (const line of text.split('\n')) current = addLine(families, current, line);
  }
  const lines = [...families.values()].flatMap(({ head, samples }) => [
    ...head,
    ...[...samples].map(([series, value]) => `${series} ${value}`),
  ]);
  return `${lines.join('\n')}\n`;
};
