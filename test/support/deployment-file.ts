import { parse } from 'yaml';
import * as z from 'zod/mini';

/** Newest built-in runtime of Function Compute. Source: schema of the fc3 component, 0.1.22. */
const RUNTIME = 'nodejs20';

const resourceSchema = z.object({ component: z.string(), props: z.optional(z.record(z.string(), z.unknown())) });
const fileSchema = z.object({
  edition: z.literal('3.0.0'),
  name: z.string(),
  resources: z.record(z.string(), resourceSchema),
});

const functionSchema = z.object({
  region: z.string(),
  functionName: z.string(),
  runtime: z.literal(RUNTIME),
  handler: z.literal('index.handler'),
  code: z.string(),
  // Left out it is three seconds, which ends a function in the middle of its work.
  timeout: z.number().check(z.minimum(1), z.maximum(86_400)),
  environmentVariables: z.optional(z.record(z.string(), z.string())),
});

const CODE = /^\.?\/?dist\/functions\/([a-z-]+)\/?$/;

const whereOf = (place: string, issues: readonly z.core.$ZodIssue[]): string[] =>
  issues.map(({ path, message }) => `${[place, ...path.map(String)].join('.')}: ${message}`);

const functionFindings = (place: string, props: unknown, built: readonly string[]): string[] => {
  const read = functionSchema.safeParse(props);
  if (!read.success) return whereOf(place, read.error.issues);
  const name = CODE.exec(read.data.code)?.[1] ?? '';
  return built.includes(name) ? [] : [`${place}.code: is not the folder of a function that is built`];
};

/** What is wrong with an `s.yaml`, one line each, so far as it can be told without the cloud; `built` are the functions that a build makes. */
export const deploymentFindings = (text: string, built: readonly string[]): string[] => {
  const read = fileSchema.safeParse(parse(text));
  if (!read.success) return whereOf('s.yaml', read.error.issues);
  return Object.entries(read.data.resources)
    .filter(([, { component }]) => /^fc3(?:@|$)/.test(component))
    .flatMap(([name, { props }]) => functionFindings(`resources.${name}.props`, props, built));
};
