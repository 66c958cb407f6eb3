/** Label names and values of one sample, in the order in which the metric declares them. */
type Labels = Readonly<Record<string, string>>;

/** The values that a label may have; `code` for names that only our own code can give, such as a channel or a queue. */
type LabelValues = readonly string[] | 'code';

/** What is declared once about a metric; a label that may take any value has no place in a metric. */
interface MetricSpec {
  name: string;
  help: string;
  /** Every label with the closed set of values it may have; any other value is counted as `other`. */
  labels?: Readonly<Record<string, LabelValues>>;
}

/** A number that only grows. */
interface Counter {
  add(amount: number, labels?: Labels): void;
}

/** How long or how big things were, in buckets. */
interface Histogram {
  observe(value: number, labels?: Labels): void;
}

/** The metrics of one process. */
export interface Metrics {
  counter(spec: MetricSpec): Counter;
  /** Read when the metrics are asked for; each entry is one sample. */
  gauge(spec: MetricSpec, read: () => readonly { value: number; labels?: Labels }[]): void;
  histogram(spec: MetricSpec, bounds: readonly number[]): Histogram;
  /** All metrics in the text format of Prometheus. */
  text(): string;
}

type Render = () => string[];

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelText = (spec: MetricSpec, labels: Labels): string =>
  Object.entries(spec.labels ?? {})
    .map(([name, known]) => {
      const value = labels[name] ?? '';
      return `${name}="${escapeLabel(known === 'code' || known.includes(value) ? value : 'other')}"`;
    })
    .join(',');

const sampleLine = (name: string, labels: string, value: number): string =>
  labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`;

const joinLabels = (labels: string, extra: string): string => (labels === '' ? extra : `${labels},${extra}`);

const head = (spec: MetricSpec, type: string): string[] => [
  `# HELP ${spec.name} ${spec.help}`,
  `# TYPE ${spec.name} ${type}`,
];

const createCounter = (spec: MetricSpec): Counter & { render: Render } => {
  const values = new Map<string, number>();
  return {
    add: (amount, labels = {}) => {
      const key = labelText(spec, labels);
      values.set(key, (values.get(key) ?? 0) + amount);
    },
    render: () => [
      ...head(spec, 'counter'),
      ...[...values].map(([labels, value]) => sampleLine(spec.name, labels, value)),
    ],
  };
};

interface Buckets {
  counts: number[];
  sum: number;
}

const bucketLines = (spec: MetricSpec, bounds: readonly number[], [labels, buckets]: [string, Buckets]): string[] => {
  let total = 0;
  const lines = [...bounds.map(String), '+Inf'].map((bound, index) => {
    total += buckets.counts[index] ?? 0;
    return sampleLine(`${spec.name}_bucket`, joinLabels(labels, `le="${bound}"`), total);
  });
  return [
    ...lines,
    sampleLine(`${spec.name}_sum`, labels, buckets.sum),
    sampleLine(`${spec.name}_count`, labels, total),
  ];
};

const createHistogram = (spec: MetricSpec, bounds: readonly number[]): Histogram & { render: Render } => {
  const series = new Map<string, Buckets>();
  return {
    observe: (value, labels = {}) => {
      const key = labelText(spec, labels);
      const buckets = series.get(key) ?? { counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
      series.set(key, buckets);
      const found = bounds.findIndex((bound) => value <= bound);
      const index = found === -1 ? bounds.length : found;
      buckets.counts[index] = (buckets.counts[index] ?? 0) + 1;
      buckets.sum += value;
    },
    render: () => [...head(spec, 'histogram'), ...[...series].flatMap((entry) => bucketLines(spec, bounds, entry))],
  };
};

/** An empty registry. Asking for the same counter or histogram again gives the one that is there: bundles share a process. */
export const createMetrics = (): Metrics => {
  const renders = new Map<string, Render>();
  const keep = <T extends { render: Render }>(spec: MetricSpec, made: T): T => {
    renders.set(spec.name, made.render);
    return made;
  };
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  return {
    counter: (spec) => {
      const counter = counters.get(spec.name) ?? keep(spec, createCounter(spec));
      counters.set(spec.name, counter);
      return counter;
    },
    gauge: (spec, read) => {
      const render = (): string[] => [
        ...head(spec, 'gauge'),
        ...read().map(({ value, labels = {} }) => sampleLine(spec.name, labelText(spec, labels), value)),
      ];
      renders.set(spec.name, render);
    },
    histogram: (spec, bounds) => {
      const histogram = histograms.get(spec.name) ?? keep(spec, createHistogram(spec, bounds));
      histograms.set(spec.name, histogram);
      return histogram;
    },
    text: () => `${[...renders.values()].flatMap((render) => render()).join('\n')}\n`,
  };
};
