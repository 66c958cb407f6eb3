import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../domain/is-record.ts';
import { DEPLOYMENT_FILE, type Finding, TEMPLATE_FILE, within } from './finding.ts';
import { readSpecification, type Step } from './specification.ts';
import { type RenderedStack, renderTemplate } from './template-render.ts';
import { templateSchema } from './template-schema.ts';
import { type Trigger, triggerSchema } from './trigger-schema.ts';

type Values = Readonly<Record<string, unknown>>;

/** One trigger with its place in the file; `trigger` is absent when it has not the form of one. */
export interface DeployedTrigger {
  path: string;
  trigger?: Trigger;
}

/** One function as it would be deployed. */
export interface DeployedFunction {
  /** The name of the resource, which is that of the function without the prefix of the stage. */
  resource: string;
  path: string;
  props: Values;
  environment: Values;
  triggers: readonly DeployedTrigger[];
}

/** Everything that would be deployed, and what could not be read. */
export interface Deployment {
  /** The file as it is written. */
  raw: unknown;
  functions: readonly DeployedFunction[];
  infrastructure: Step | undefined;
  template: unknown;
  stack: RenderedStack;
  findings: readonly Finding[];
}

/** An account that cannot be one, in the place of the real one. */
const ACCOUNT = '1000000000000000';
const EMPTY: RenderedStack = { resources: new Map(), outputs: {}, problems: [] };
const OUTPUT = /\$\{resources\.infra\.output\.(\w+)\}/g;

const textsOf = (value: unknown): Record<string, string> =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)])) : {};

const stackOf = (step: Step | undefined, template: unknown): RenderedStack => {
  const read = templateSchema.safeParse(template);
  if (!read.success || step === undefined) return EMPTY;
  const { region, parameters } = step.props;
  return renderTemplate(read.data, { region: String(region), accountId: ACCOUNT, parameters: textsOf(parameters) });
};

/** Puts the outputs of the stack into texts. */
const filled = (value: unknown, outputs: Values): unknown => {
  if (typeof value === 'string') return value.replaceAll(OUTPUT, (all, name: string) => String(outputs[name] ?? all));
  if (Array.isArray(value)) return value.map((item) => filled(item, outputs));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, outputs)]));
};

const unknownOutputs = (value: unknown, path: string): Finding[] => {
  if (typeof value === 'string')
    return [...value.matchAll(OUTPUT)].map(([, name]) => ({
      file: DEPLOYMENT_FILE,
      path,
      what: `the stack has no output ${name}`,
      fix: `Name an output of ${TEMPLATE_FILE}`,
    }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => unknownOutputs(item, within(path, key)));
};

const triggersOf = (triggers: unknown, path: string): DeployedTrigger[] =>
  (Array.isArray(triggers) ? triggers : []).map((raw, index) => {
    const read = triggerSchema.safeParse(raw);
    return { path: within(path, 'triggers', index), ...(read.success ? { trigger: read.data } : {}) };
  });

const functionOf = ({ resource, props }: Step, outputs: Values): DeployedFunction => {
  const whole = filled(props, outputs);
  const known = isRecord(whole) ? whole : {};
  const path = within('resources', resource, 'props');
  const environment = isRecord(known.environmentVariables) ? known.environmentVariables : {};
  return { resource, path, props: known, environment, triggers: triggersOf(known.triggers, path) };
};

const isFunction = ({ component }: Step): boolean => /^fc3@/.test(component);

const unreadable = (error: unknown): Finding => ({
  file: DEPLOYMENT_FILE,
  path: '',
  what: `Serverless Devs cannot read it: ${error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)}`,
  fix: 'Correct what it names',
});

const read = async (folder: string, variables: Readonly<Record<string, string>>) => {
  try {
    return { steps: await readSpecification(join(folder, DEPLOYMENT_FILE), variables), findings: [] };
  } catch (error) {
    return { steps: [], findings: [unreadable(error)] };
  }
};

const parsed = (folder: string, file: string): unknown =>
  parse(readFileSync(join(folder, file), 'utf8'), { merge: true });

/** Reads the deployment file of a folder and its template, with these variables and no others in the environment. */
export const readDeployment = async (
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<Deployment> => {
  const { steps, findings } = await read(folder, variables);
  const infrastructure = steps.find(({ component }) => /^ros(?:@|$)/.test(component));
  const template = parsed(folder, TEMPLATE_FILE);
  const stack = stackOf(infrastructure, template);
  const functions = steps.filter(isFunction).map((step) => functionOf(step, stack.outputs));
  return {
    raw: parsed(folder, DEPLOYMENT_FILE),
    functions,
    infrastructure,
    template,
    stack,
    findings: [...findings, ...functions.flatMap(({ props, path }) => unknownOutputs(props, path))],
  };
};
