import * as z from 'zod/mini';

/** Languages of recipients. */
export const languageSchema = z.enum(['zh', 'en']);

/** Language of a recipient. */
export type Language = z.infer<typeof languageSchema>;
