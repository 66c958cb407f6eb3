import { infrastructureSchema } from './infrastructure-schema.ts';
import { localComponent, withTemplate } from './local-component.ts';

/** Stands in for ros; Serverless Devs takes the default export. */
export default localComponent({ kind: 'ros', schema: infrastructureSchema, resolve: withTemplate });
