import type { Scope } from './template-functions.ts';
import { evaluate, TemplateError } from './template-functions.ts';
import type { Template } from './template-schema.ts';

/** Where a stack is made, and with which parameters. */
export interface StackPlace {
  region: string;
  accountId: string;
  parameters: Readonly<Record<string, string>>;
}

/** One resource of a stack. */
export interface RenderedResource {
  type: string;
  properties: Readonly<Record<string, unknown>>;
}

/** What a stack would have: its resources by their names in the template, its outputs, and what could not be computed. */
export interface RenderedStack {
  resources: ReadonlyMap<string, RenderedResource>;
  outputs: Readonly<Record<string, unknown>>;
  problems: readonly { path: string; what: string }[];
}

/** Its attribute `Arn` is no property; all others that are used here are. Source: ROS resource specification. */
const ROLE = 'ALIYUN::RAM::Role';

class Rendering implements Scope {
  readonly problems: { path: string; what: string }[] = [];
  readonly #template: Template;
  readonly #place: StackPlace;

  constructor(template: Template, place: StackPlace) {
    this.#template = template;
    this.#place = place;
  }

  valueOf(name: string): unknown {
    if (name === 'ALIYUN::Region') return this.#place.region;
    if (name === 'ALIYUN::AccountId') return this.#place.accountId;
    const parameter = this.#template.Parameters[name];
    const value = this.#place.parameters[name] ?? parameter?.Default;
    if (parameter === undefined || value === undefined) throw new TemplateError(`there is no parameter ${name}`);
    return parameter.Type === 'Number' ? Number(value) : String(value);
  }

  attributeOf(name: string, attribute: string): unknown {
    const resource = this.#template.Resources[name];
    if (resource === undefined || !this.isWanted(resource.Condition))
      throw new TemplateError(`there is no resource ${name} in this stack`);
    const properties = resource.Properties;
    if (resource.Type === ROLE && attribute === 'Arn')
      return `acs:ram::${this.#place.accountId}:role/${String(evaluate(properties.RoleName, this)).toLowerCase()}`;
    if (properties[attribute] === undefined) throw new TemplateError(`${name} has no attribute ${attribute}`);
    return evaluate(properties[attribute], this);
  }

  holds(name: string): boolean {
    const condition = this.#template.Conditions[name];
    if (condition === undefined) throw new TemplateError(`there is no condition ${name}`);
    return evaluate(condition, this) === true;
  }

  isWanted(condition: string | undefined): boolean {
    return condition === undefined || this.holds(condition);
  }

  /** What could be computed; the rest is a problem. */
  attempt<T>(path: string, compute: () => T): T | undefined {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.problems.push({ path, what: error.message });
      return undefined;
    }
  }
}

/** Computes what ROS would make of a template. Nothing is thrown: what cannot be computed is left out and told. */
export const renderTemplate = (template: Template, place: StackPlace): RenderedStack => {
  const rendering = new Rendering(template, place);
  const resources = new Map<string, RenderedResource>();
  for (const [name, { Type: type, Condition, Properties }] of Object.entries(template.Resources))
    rendering.attempt(`Resources.${name}`, () => {
      if (!rendering.isWanted(Condition)) return;
      const properties = Object.entries(Properties).map(([key, value]) => [key, evaluate(value, rendering)]);
      resources.set(name, { type, properties: Object.fromEntries(properties) });
    });
  const outputs: Record<string, unknown> = {};
  for (const [name, { Condition, Value }] of Object.entries(template.Outputs))
    rendering.attempt(`Outputs.${name}`, () => {
      if (rendering.isWanted(Condition)) outputs[name] = evaluate(Value, rendering);
    });
  return { resources, outputs, problems: rendering.problems };
};
