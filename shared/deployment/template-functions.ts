import { isRecord } from '../domain/is-record.ts';

/** What the functions of a template may look up. */
export interface Scope {
  /** The value of a parameter, of a pseudo parameter such as `ALIYUN::Region`, or of a resource; throws {@link TemplateError}. */
  valueOf(name: string): unknown;
  /** An attribute of a resource; throws {@link TemplateError}. */
  attributeOf(resource: string, attribute: string): unknown;
  /** Whether a condition holds; throws {@link TemplateError}. */
  holds(condition: string): boolean;
}

/** A template says something that ROS would refuse. */
export class TemplateError extends Error {
  readonly code = 'bad-template';
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

type Evaluate = (argument: unknown, scope: Scope) => unknown;

const listOf = (value: unknown, name: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${name} needs a list`);
};

const substitute = (text: unknown, scope: Scope): string =>
  String(text).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const [resource = '', attribute] = name.split('.');
    return String(attribute === undefined ? scope.valueOf(name) : scope.attributeOf(resource, attribute));
  });

const join = (argument: unknown, scope: Scope): string => {
  const [separator, items] = listOf(argument, 'Fn::Join');
  return listOf(evaluate(items, scope), 'Fn::Join').map(String).join(String(separator));
};

const replace = (argument: unknown, scope: Scope): string => {
  const [pairs, text] = listOf(argument, 'Fn::Replace');
  let replaced = String(evaluate(text, scope));
  for (const [from, to] of Object.entries(isRecord(pairs) ? pairs : {}))
    replaced = replaced.replaceAll(from, String(to));
  return replaced;
};

const getAttribute = (argument: unknown, scope: Scope): unknown => {
  const [resource, attribute] = listOf(argument, 'Fn::GetAtt');
  return scope.attributeOf(String(resource), String(attribute));
};

const areEqual = (argument: unknown, scope: Scope): boolean => {
  const [one, other] = listOf(evaluate(argument, scope), 'Fn::Equals');
  return one === other;
};

const isTrue = (condition: unknown, scope: Scope): boolean =>
  typeof condition === 'string' ? scope.holds(condition) : evaluate(condition, scope) === true;

const FUNCTIONS: Readonly<Record<string, Evaluate>> = {
  Ref: (name, scope) => scope.valueOf(String(name)),
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::Replace': replace,
  'Fn::GetAtt': getAttribute,
  'Fn::Equals': areEqual,
  'Fn::Not': (condition, scope) => !isTrue(condition, scope),
  'Fn::And': (all, scope) => listOf(all, 'Fn::And').every((condition) => isTrue(condition, scope)),
  'Fn::Or': (any, scope) => listOf(any, 'Fn::Or').some((condition) => isTrue(condition, scope)),
};

const functionIn = (value: Readonly<Record<string, unknown>>): string | undefined => {
  const [name, ...others] = Object.keys(value);
  return name !== undefined && others.length === 0 && /^(?:Ref|Fn::\w+)$/.test(name) ? name : undefined;
};

/** The value with every function in it computed. Throws {@link TemplateError} for one that is not known or cannot be computed. */
export const evaluate: Evaluate = (value, scope) => {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (!isRecord(value)) return value;
  const name = functionIn(value);
  if (name === undefined)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluate(item, scope)]));
  const compute = FUNCTIONS[name];
  if (compute === undefined) throw new TemplateError(`${name} is not known here`);
  return compute(value[name], scope);
};
