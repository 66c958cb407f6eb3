const MARKED = /i-fh(\d{9})/g;

/** The numbers of the benchmark's events that a body tells, each once. */
export const numbersIn = (body: Buffer): number[] => [
  ...new Set([...body.toString('latin1').matchAll(MARKED)].map(([, digits]) => Number(digits))),
];
