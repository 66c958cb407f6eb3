import * as z from 'zod/mini';

/** Limits in characters and items. Source: docs.slack.dev, Block Kit reference; the total: github.com/slackapi/bolt-js, issue 2509. */
const MAX = {
  blocks: 50,
  allBlocksChars: 13_200,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  context: 10,
  actions: 25,
  button: 75,
  url: 3_000,
  text: 40_000,
};

const between = (min: number, max: number) => z.string().check(z.minLength(min), z.maxLength(max));

const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: between(1, max), emoji: z.optional(z.boolean()) });
const marked = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: between(1, max), verbatim: z.optional(z.boolean()) });
const anyText = (max: number) => z.union([plain(max), marked(max)]);
const blockId = z.optional(between(1, 255));

const buttonSchema = z.strictObject({
  type: z.literal('button'),
  text: plain(MAX.button),
  url: z.optional(between(1, MAX.url).check(z.regex(/^https?:\/\/\S+$/i))),
  value: z.optional(between(0, 2_000)),
  style: z.optional(z.enum(['primary', 'danger'])),
  action_id: z.optional(between(1, 255)),
});

const blockSchema = z.union([
  z.strictObject({ type: z.literal('header'), text: plain(MAX.header), block_id: blockId }),
  z.strictObject({
    type: z.literal('section'),
    text: z.optional(anyText(MAX.section)),
    fields: z.optional(z.array(anyText(MAX.field)).check(z.minLength(1), z.maxLength(MAX.fields))),
    block_id: blockId,
  }),
  z.strictObject({
    type: z.literal('context'),
    elements: z.array(anyText(MAX.section)).check(z.minLength(1), z.maxLength(MAX.context)),
    block_id: blockId,
  }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z.array(buttonSchema).check(z.minLength(1), z.maxLength(MAX.actions)),
    block_id: blockId,
  }),
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
]);

/** One block of the kinds that the sandbox knows: header, section, context, actions and divider. */
export type FakeBlock = z.infer<typeof blockSchema>;

/** One text of a block. */
export type FakeText = z.infer<ReturnType<typeof anyText>>;

const payloadSchema = z.object({ text: z.optional(z.string()), blocks: z.optional(z.unknown()) });

/** How a body is read: what the channel would see, or the code of what is wrong with it. */
export type SlackReading = { kind: 'message'; text: string; blocks: FakeBlock[] } | { kind: 'refused'; code: string };

const refused = (code: string): SlackReading => ({ kind: 'refused', code });

const isEmptySection = (block: FakeBlock): boolean =>
  block.type === 'section' && block.text === undefined && block.fields === undefined;

const readBlocks = (value: unknown): FakeBlock[] | string => {
  if (!Array.isArray(value) || value.some((block) => typeof block !== 'object' || block === null)) {
    return 'invalid_blocks_format';
  }
  if (JSON.stringify(value).length > MAX.allBlocksChars) return 'msg_blocks_too_long';
  const parsed = z.array(blockSchema).check(z.maxLength(MAX.blocks)).safeParse(value);
  return !parsed.success || parsed.data.some(isEmptySection) ? 'invalid_blocks' : parsed.data;
};

/** Reads the body of a call as strictly as the documentation; a real webhook knows more kinds of blocks. */
export const readSlackMessage = (json: unknown): SlackReading => {
  const payload = payloadSchema.safeParse(json);
  if (!payload.success || Array.isArray(json)) return refused('invalid_payload');
  const { text = '', blocks: given = [] } = payload.data;
  if (text.length > MAX.text) return refused('msg_too_long');
  const blocks = readBlocks(given);
  if (typeof blocks === 'string') return refused(blocks);
  return text.trim() === '' && blocks.length === 0 ? refused('no_text') : { kind: 'message', text, blocks };
};
