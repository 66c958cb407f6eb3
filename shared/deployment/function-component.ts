import { functionSchema } from './function-schema.ts';
import { localComponent, withCodeFolder } from './local-component.ts';

/** Stands in for fc3; Serverless Devs takes the default export. */
export default localComponent({ kind: 'fc3', schema: functionSchema, resolve: withCodeFolder });
