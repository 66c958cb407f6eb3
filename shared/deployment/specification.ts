import ParseSpec from '@serverless-devs/parse-spec';
import { isRecord } from '../domain/is-record.ts';

/** One resource of the deployment file as the tool would hand it to a component: templates merged in, variables filled. */
export interface Step {
  resource: string;
  component: string;
  props: Readonly<Record<string, unknown>>;
}

type Variables = Readonly<Record<string, string>>;

/** Where the tool looks for its own settings. */
const KEPT = ['HOME', 'PATH'];

/**
 * The parser reads the environment of the process, the whole of it for each text with a variable: for as long as it works there is
 * nothing in it but these, so that the result depends on nothing else.
 */
const withVariables = async <T>(variables: Variables, work: () => Promise<T>): Promise<T> => {
  const before = process.env;
  process.env = { ...Object.fromEntries(KEPT.map((name) => [name, before[name] ?? ''])), ...variables };
  try {
    return await work();
  } finally {
    process.env = before;
  }
};

const SILENT = Object.fromEntries(
  ['tips', 'warnOnce', 'debug', 'info', 'warn', 'error', 'write', 'log'].map((name) => [name, () => undefined]),
);

type Parser = typeof ParseSpec;

const isParser = (value: unknown): value is Parser => typeof value === 'function';

/** A CommonJS package: which of both its import is depends on who runs this module. */
const parserOf = (imported: unknown): Parser => {
  const found = isRecord(imported) ? imported.default : imported;
  if (!isParser(found)) throw new TypeError('@serverless-devs/parse-spec has no default export');
  return found;
};

const stepOf = (step: unknown): Step => {
  const { projectName = '', component = '', props } = isRecord(step) ? step : {};
  return { resource: String(projectName), component: String(component), props: isRecord(props) ? props : {} };
};

/**
 * The resources of a deployment file in the order in which the tool would deploy them. Outputs of other resources stay as they are
 * written. Rejects with the words of the tool's own parser, for example for a variable that is not set. One at a time: it changes the
 * environment of the process while it works.
 */
export const readSpecification = (file: string, variables: Variables): Promise<readonly Step[]> =>
  withVariables(variables, async () => {
    const Parse = parserOf(ParseSpec);
    const { steps } = await new Parse(file, { argv: ['deploy'], logger: SILENT }).start();
    return steps.map(stepOf);
  });
