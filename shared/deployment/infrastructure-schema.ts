import * as z from 'zod/mini';

/** What the resource of the ros component may say. */
export const infrastructureSchema = z.strictObject({
  region: z.string(),
  name: z.string(),
  template: z.string(),
  parameters: z.record(z.string(), z.string()),
});
