/** One mistake in the deployment: in which file, at which place, what it is and what to do. */
export interface Finding {
  file: string;
  /** Dotted, such as `resources.match.props.timeout`; empty when the file as a whole is meant. */
  path: string;
  what: string;
  fix: string;
}

/** The deployment file. */
export const DEPLOYMENT_FILE = 's.yaml';
/** The template of queues, tables and roles, from the folder of the deployment file. */
export const TEMPLATE_FILE = 'shared/deployment/infrastructure.yaml';

/** The same place with one more step. */
export const within = (path: string, ...steps: readonly (string | number | symbol)[]): string =>
  [path, ...steps.map(String)].filter((step) => step !== '').join('.');

/** A finding in one line. */
export const findingLine = ({ file, path, what, fix }: Finding): string =>
  `${file}${path === '' ? '' : ` ${path}`}: ${what}. ${fix}`;
