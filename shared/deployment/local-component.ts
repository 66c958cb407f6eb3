import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';

/** Where the local components deploy to. */
const CLOUD = 'FENGHUO_FAKE_CLOUD';
/** The schema language of the tool's validator. */
const TARGET = 'draft-7';

/** What Serverless Devs gives to a component, as far as it is needed. */
const inputsSchema = z.object({
  props: z.record(z.string(), z.unknown()),
  resource: z.object({ name: z.string() }),
  yaml: z.object({ path: z.string() }),
});

/** There is no fake cloud, or it did not take the resource. */
class NotDeployedError extends Error {
  readonly code = 'not-deployed';
  constructor(name: string, reason: string) {
    super(`${name} was not deployed: ${reason}`);
    this.name = 'NotDeployedError';
  }
}

/** Turns the props of a resource, which stand in a file of that folder, into those that are sent. */
type Resolve = (props: Readonly<Record<string, unknown>>, folder: string) => Record<string, unknown>;

/** A function comes with the absolute path of its code. */
export const withCodeFolder: Resolve = (props, folder) => ({ ...props, codeDir: resolve(folder, String(props.code)) });

/** A stack comes with its template as an object. */
export const withTemplate: Resolve = (props, folder) => ({
  ...props,
  template: parse(readFileSync(resolve(folder, String(props.template)), 'utf8')),
});

/** What a component is made of. */
export interface ComponentSpec {
  kind: 'fc3' | 'ros';
  schema: z.ZodMiniType;
  resolve: Resolve;
}

const put = async (name: string, body: unknown): Promise<Record<string, unknown>> => {
  const cloud = process.env[CLOUD];
  if (cloud === undefined) throw new NotDeployedError(name, `${CLOUD} names no fake cloud`);
  const answer = await fetch(`${cloud}/deployed/${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new NotDeployedError(name, `${answer.status} ${text.slice(0, 500)}`);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
};

/**
 * A component of Serverless Devs that checks strictly and deploys to a fake cloud of this machine, so that the real tool can be tried
 * without an account. Serverless Devs makes an instance and calls its methods by name.
 */
export const localComponent = ({ kind, schema, resolve: resolveProps }: ComponentSpec) =>
  class LocalComponent {
    /** For `s verify`: a JSON Schema that knows every key. */
    async getSchema(): Promise<string> {
      return JSON.stringify(z.toJSONSchema(schema, { target: TARGET, io: 'input' }));
    }

    /** For `s deploy`: the answer of the fake cloud becomes the outputs of the resource. */
    async deploy(inputs: unknown): Promise<Record<string, unknown>> {
      const { props, resource, yaml } = inputsSchema.parse(inputs);
      return put(resource.name, { component: kind, props: resolveProps(props, dirname(yaml.path)) });
    }
  };
