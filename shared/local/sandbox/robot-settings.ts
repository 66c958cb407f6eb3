import * as z from 'zod/mini';

const settingsSchema = z.strictObject({
  name: z.optional(z.string()),
  keywords: z.optional(z.array(z.string()).check(z.maxLength(10))),
  secret: z.optional(z.string()),
  ipList: z.optional(z.array(z.string())),
  disabled: z.optional(z.boolean()),
});

/** Security settings of one fake robot. */
export interface RobotSettings {
  /** For people. */
  name?: string | undefined;
  /** At least one must occur in the message; none: no such setting. */
  keywords?: readonly string[] | undefined;
  /** Signature secret; none: no such setting. */
  secret?: string | undefined;
  /** Addresses that may send, in the forms that the provider takes; none: no such setting. */
  ipList?: readonly string[] | undefined;
  disabled?: boolean | undefined;
}

/** The settings, or the words of what is wrong with them. */
export const readRobotSettings = (value: unknown): RobotSettings | string => {
  const parsed = settingsSchema.safeParse(value);
  return parsed.success ? parsed.data : z.prettifyError(parsed.error);
};
