import * as z from 'zod/mini';

const text = z.string();
const link = z.object({ type: z.optional(z.int()), title: text, url: z.optional(text) });
const names = z.optional(z.array(text));

const cardSchema = z.object({
  card_type: z.literal('text_notice'),
  source: z.optional(z.object({ desc: z.optional(text), desc_color: z.optional(z.int()) })),
  main_title: z.optional(z.object({ title: z.optional(text), desc: z.optional(text) })),
  emphasis_content: z.optional(z.object({ title: z.optional(text), desc: z.optional(text) })),
  quote_area: z.optional(z.object({ title: z.optional(text), quote_text: z.optional(text) })),
  sub_title_text: z.optional(text),
  horizontal_content_list: z.optional(
    z.array(z.object({ keyname: text, value: z.optional(text) })).check(z.maxLength(6)),
  ),
  jump_list: z.optional(z.array(link).check(z.maxLength(3))),
  card_action: z.object({ type: z.literal(1), url: z.string().check(z.regex(/^https?:\/\//)) }),
});

/** A card of the kind `text_notice`, as strict as its documentation. */
export type WecomCard = z.infer<typeof cardSchema>;

/** What a robot is posted, of the kinds that can be shown here. Source: developer.work.weixin.qq.com, path/91770. */
const messageSchema = z.discriminatedUnion('msgtype', [
  z.object({
    msgtype: z.literal('text'),
    text: z.object({ content: text, mentioned_list: names, mentioned_mobile_list: names }),
  }),
  z.object({ msgtype: z.literal('markdown'), markdown: z.object({ content: text }) }),
  z.object({ msgtype: z.literal('markdown_v2'), markdown_v2: z.object({ content: text }) }),
  z.object({ msgtype: z.literal('template_card'), template_card: cardSchema }),
]);

/** A message that can be shown. */
export type WecomMessage = z.infer<typeof messageSchema>;

/** The message; undefined when it is none, or lacks what its kind requires. */
export const readWecomMessage = (json: unknown): WecomMessage | undefined => messageSchema.safeParse(json).data;

/** The text that a group reads; of a card all of its texts, one a line. */
export const wecomTextOf = (message: WecomMessage): string => {
  switch (message.msgtype) {
    case 'text':
      return message.text.content;
    case 'markdown':
      return message.markdown.content;
    case 'markdown_v2':
      return message.markdown_v2.content;
    case 'template_card':
      return cardText(message.template_card);
  }
};

const cardText = (card: WecomCard): string =>
  [
    card.source?.desc,
    card.main_title?.title,
    card.main_title?.desc,
    card.emphasis_content?.title,
    card.emphasis_content?.desc,
    card.sub_title_text,
    card.quote_area?.title,
    card.quote_area?.quote_text,
    ...(card.horizontal_content_list ?? []).map(({ keyname, value }) => `${keyname} ${value ?? ''}`),
    ...(card.jump_list ?? []).map(({ title }) => title),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
