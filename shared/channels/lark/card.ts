import type { CardContent } from './card-content.ts';

const plain = (content: string): object => ({ tag: 'plain_text', content });
const markdown = (content: string): object => ({ tag: 'markdown', content });

const headerOf = ({ title, colour }: CardContent): object => ({ title: plain(title), template: colour });

const pairsOf = (cells: readonly string[]): string[][] =>
  cells.flatMap((cell, index) => (index % 2 === 0 ? [[cell, ...cells.slice(index + 1, index + 2)]] : []));

const column = (cell: string): object => ({ tag: 'column', width: 'weighted', weight: 1, elements: [markdown(cell)] });

const rowOf = (cells: readonly string[]): object => ({
  tag: 'column_set',
  flex_mode: 'none',
  columns: cells.map(column),
});

const smallPrint = (remark: string): object => ({
  tag: 'div',
  text: { tag: 'plain_text', content: remark, text_size: 'notation', text_color: 'grey' },
});

type Button = CardContent['buttons'][number];

/** The first one stands out. */
const typeOf = (index: number): string => (index === 0 ? 'primary' : 'default');

const buttonOf = ({ label, url }: Button, index: number): object => ({
  tag: 'button',
  text: plain(label),
  type: typeOf(index),
  behaviors: [{ type: 'open_url', default_url: url }],
});

/**
 * A card of schema 2.0. It must hold nothing that the schema does not know, or the whole card is refused. Clients before 7.20 show
 * its title and ask for an update. Source: open.feishu.cn, card-json-v2-breaking-changes-release-notes.
 */
export const cardOfSchema2 = (content: CardContent): object => ({
  schema: '2.0',
  config: { update_multi: true },
  header: headerOf(content),
  body: {
    elements: [
      ...pairsOf(content.cells).map(rowOf),
      ...content.parts.map(markdown),
      ...content.buttons.map(buttonOf),
      ...(content.remark === '' ? [] : [smallPrint(content.remark)]),
    ],
  },
});

const fieldsOf = (cells: readonly string[]): object => ({
  tag: 'div',
  fields: cells.map((content) => ({ is_short: true, text: { tag: 'lark_md', content } })),
});

const actionOf = (buttons: readonly Button[]): object => ({
  tag: 'action',
  actions: buttons.map(({ label, url }, index) => ({ tag: 'button', text: plain(label), type: typeOf(index), url })),
});

/** The same as a card of schema 1.0, which every client shows and which ignores what it does not know. */
export const cardOfSchema1 = (content: CardContent): object => ({
  config: { wide_screen_mode: true },
  header: headerOf(content),
  elements: [
    ...(content.cells.length === 0 ? [] : [fieldsOf(content.cells)]),
    ...content.parts.map(markdown),
    ...(content.buttons.length === 0 ? [] : [actionOf(content.buttons)]),
    ...(content.remark === '' ? [] : [{ tag: 'note', elements: [plain(content.remark)] }]),
  ],
});
