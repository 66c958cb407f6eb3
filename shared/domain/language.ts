import * as z from 'zod/mini';

/** Languages of recipients. */
export const languageSchema = z.enum(['zh', 'en']);

/** Whether this is one of them. */
export const isLanguage = (value: unknown): value is Language => value === 'zh' || value === 'en';

/** Language of a recipient. */
export type Language = z.infer<typeof languageSchema>;
