interface TemplateWorld {
  /** Parameters and pseudo parameters. */
  refs: Readonly<Record<string, unknown>>;
  conditions: Readonly<Record<string, unknown>>;
  attribute(resource: string, name: string): string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const replaced = ([pairs, text]: unknown[]): string =>
  Object.entries(pairs as Record<string, string>).reduce(
    (result, [from, to]) => result.replaceAll(from, to),
    String(text),
  );

const CALLS: Readonly<Record<string, (list: unknown[]) => unknown>> = {
  'Fn::Equals': ([one, other]) => one === other,
  'Fn::Not': ([one]) => one !== true,
  'Fn::And': (list) => list.every((one) => one === true),
  'Fn::Or': (list) => list.some((one) => one === true),
  'Fn::Join': ([by, list]) => (list as unknown[]).map(String).join(String(by)),
  'Fn::Replace': replaced,
};

/** The values of a template of ROS: references and the functions that Fenghuo's template uses; another one is an error. */
export class TemplateValues {
  readonly #world: TemplateWorld;

  constructor(world: TemplateWorld) {
    this.#world = world;
  }

  /** The value with everything in it that refers to something else put in. */
  value(given: unknown): unknown {
    if (Array.isArray(given)) return given.map((one) => this.value(one));
    if (!isObject(given)) return given;
    const [key, ...others] = Object.keys(given);
    if (key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::')))
      return this.#call(key, given[key]);
    return Object.fromEntries(Object.entries(given).map(([name, inner]) => [name, this.value(inner)]));
  }

  /** Whether a named condition holds. */
  holds(condition: string): boolean {
    if (!(condition in this.#world.conditions)) throw new Error(`no condition ${condition}`);
    return this.value(this.#world.conditions[condition]) === true;
  }

  /** A parameter, or the name of a resource. */
  #ref(name: string): unknown {
    return name in this.#world.refs ? this.#world.refs[name] : this.#world.attribute(name, 'Ref');
  }

  #call(key: string, argument: unknown): unknown {
    if (key === 'Ref') return this.#ref(String(argument));
    if (key === 'Fn::Sub') return this.#sub(argument);
    const given = this.value(argument);
    const list = Array.isArray(given) ? given : [given];
    const made = CALLS[key];
    if (made !== undefined) return made(list);
    if (key === 'Fn::GetAtt') return this.#world.attribute(String(list[0]), String(list[1]));
    if (key === 'Fn::If') return this.holds(String(list[0])) ? list[1] : list[2];
    throw new Error(`${key} is not known here`);
  }

  #sub(argument: unknown): string {
    const [text, own = {}] = Array.isArray(argument) ? argument : [argument];
    const mine = this.value(own) as Record<string, unknown>;
    return String(text).replaceAll(/\$\{([\w:.]+)\}/g, (_, name: string) => {
      if (name in mine) return String(mine[name]);
      const [resource = '', attribute] = name.split('.');
      return attribute === undefined ? String(this.#ref(name)) : this.#world.attribute(resource, attribute);
    });
  }
}
