import { bodyText, paragraphs, type Room, safeUrl, usableLinks } from '../document-text.ts';
import { withoutTags } from '../inert-text.ts';
import { shorten } from '../plain-text.ts';
import { LINES } from './dialect.ts';
import { type Letter, remarkOf } from './letter.ts';
import { textMentions } from './mention.ts';

const TITLE_CHARS = 120;

type Tag = Readonly<Record<string, string>>;

const titleOf = ({ document }: Letter): string => withoutTags(shorten(document.title, TITLE_CHARS));

const bodyOf = ({ document, notice }: Letter, room: Room): string =>
  bodyText(document, { dialect: LINES, room, language: notice.language });

/** Rich text: a title, one paragraph a line, then the link and the mentions. */
export const postContent = (letter: Letter, room: Room): object => {
  const title = titleOf(letter);
  const body = bodyOf(letter, room);
  const links = usableLinks(letter.document);
  const remark = remarkOf(letter, `${title}\n${body}`);
  const rows: Tag[][] = [
    ...body
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => [{ tag: 'text', text }]),
    ...links.map((link) => [{ tag: 'a', text: link.label, href: safeUrl(link.url) }]),
    ...(letter.ids.length === 0 ? [] : [letter.ids.map((id) => ({ tag: 'at', user_id: id }))]),
    ...(remark === '' ? [] : [[{ tag: 'text', text: remark }]]),
  ];
  const locale = letter.notice.language === 'zh' ? 'zh_cn' : 'en_us';
  return { post: { [locale]: { title, content: rows } } };
};

/** Text: the same lines and nothing else. Without room only the title stays. */
export const textContent = (letter: Letter, room: Room | undefined): object => {
  const body = room === undefined ? '' : bodyOf(letter, room);
  const links = room === undefined ? [] : usableLinks(letter.document);
  const told = paragraphs(titleOf(letter), body);
  return {
    text: paragraphs(
      told,
      ...links.map((link) => LINES.link(link.label, link.url)),
      textMentions(letter.ids),
      remarkOf(letter, told),
    ),
  };
};
