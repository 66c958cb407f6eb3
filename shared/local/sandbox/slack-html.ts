import { escapeHtml } from '../../domain/escape-html.ts';
import { type FakeBlock, type FakeText, readSlackMessage } from './slack-message.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

const decoded = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);

const GROUPS: Readonly<Record<string, string>> = { '!channel': '@channel', '!here': '@here', '!everyone': '@everyone' };

const mention = (name: string): string => `<span class="at">${escapeHtml(name)}</span>`;

/** What stands between angle brackets: a mention, a link, or nothing that is known. */
const controlHtml = (inside: string): string => {
  const [target = '', label] = inside.split('|');
  if (GROUPS[target] !== undefined) return mention(GROUPS[target]);
  if (target.startsWith('!subteam^')) return mention(label ?? `@${target.slice('!subteam^'.length)}`);
  if (/^[@#]/.test(target)) return mention(label ?? target);
  if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return escapeHtml(`<${inside}>`);
  const shown = escapeHtml(decoded(label ?? target));
  return `<a href="${escapeHtml(decoded(target))}" target="_blank" rel="noopener noreferrer">${shown}</a>`;
};

const EDGE = '(?<![\\p{L}\\p{N}])';
const spanOf = (mark: string): RegExp =>
  new RegExp(`${EDGE}${mark}(?=\\S)([^\\n]+?)(?<=\\S)${mark}(?![\\p{L}\\p{N}])`, 'gu');
const SPANS: readonly (readonly [RegExp, string])[] = [
  [spanOf('`'), '<code>$1</code>'],
  [spanOf('\\*'), '<strong>$1</strong>'],
  [spanOf('_'), '<em>$1</em>'],
  [spanOf('~'), '<s>$1</s>'],
];

/** The text is escaped before any tag of ours is added, so nothing of it can become markup of the page. */
const wordsHtml = (text: string): string =>
  SPANS.reduce((html, [span, shown]) => html.replace(span, shown), escapeHtml(decoded(text))).replace(/\n/g, '<br>');

/** Safe HTML of `mrkdwn`: mentions, links, bold, italic, struck out, code. */
export const mrkdwnHtml = (text: string): string =>
  text
    .split(/(<[^<>]*>)/)
    .map((part) => (/^<[^<>]*>$/.test(part) ? controlHtml(part.slice(1, -1)) : wordsHtml(part)))
    .join('');

const textHtml = (text: FakeText): string =>
  text.type === 'mrkdwn' ? mrkdwnHtml(text.text) : escapeHtml(text.text).replace(/\n/g, '<br>');

type Button = Extract<FakeBlock, { type: 'actions' }>['elements'][number];

const buttonHtml = ({ text, url }: Button): string => {
  const label = escapeHtml(text.text);
  if (url === undefined) return `<span class="slack-button">${label}</span>`;
  return `<a class="slack-button" href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer">${label}</a>`;
};

const sectionHtml = ({ text, fields }: Extract<FakeBlock, { type: 'section' }>): string => {
  const words = text === undefined ? '' : `<p>${textHtml(text)}</p>`;
  if (fields === undefined) return words;
  return `${words}<div class="slack-fields">${fields.map((field) => `<div>${textHtml(field)}</div>`).join('')}</div>`;
};

const blockHtml = (block: FakeBlock): string => {
  switch (block.type) {
    case 'header':
      return `<h4>${escapeHtml(block.text.text)}</h4>`;
    case 'section':
      return sectionHtml(block);
    case 'context':
      return `<p class="slack-context">${block.elements.map(textHtml).join(' &nbsp;·&nbsp; ')}</p>`;
    case 'actions':
      return `<p class="slack-actions">${block.elements.map(buttonHtml).join(' ')}</p>`;
    case 'divider':
      return '<hr>';
  }
};

/** Safe HTML of a message as its channel sees it: its blocks, or its text when it has none; empty when it is no message. */
export const slackHtml = (request: unknown): string => {
  const reading = readSlackMessage(request);
  if (reading.kind === 'refused') return '';
  return reading.blocks.length > 0 ? reading.blocks.map(blockHtml).join('') : `<p>${mrkdwnHtml(reading.text)}</p>`;
};
