import { escapeHtml } from '../../domain/escape-html.ts';
import { webhookSightOf } from './webhook-message.ts';

const MAX_FIELDS = 40;
const MAX_SHOWN_CHARS = 2_000;

const linkHtml = (link: string): string =>
  /^https?:\/\//i.test(link)
    ? `<p><a href="${escapeHtml(link)}" target="_blank" rel="noopener noreferrer">${escapeHtml(link)}</a></p>`
    : '';

const shownValue = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return escapeHtml(text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text);
};

const rowHtml = ([name, value]: [string, unknown]): string =>
  `<tr><th>${escapeHtml(name)}</th><td>${shownValue(value)}</td></tr>`;

const fieldsHtml = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return `<pre>${shownValue(value ?? '')}</pre>`;
  return `<table>${Object.entries(value).slice(0, MAX_FIELDS).map(rowHtml).join('')}</table>`;
};

/** Safe HTML of what a receiver got: format, title and events for what it understands, all fields for a form and for anything else. */
export const webhookHtml = (value: unknown): string => {
  const { format, title, lines, link } = webhookSightOf(value);
  if (format === 'other') return fieldsHtml(value);
  const list = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('');
  const head = `<h4>${escapeHtml(title)}</h4><p><em>${format}</em></p><ul>${list}</ul>${linkHtml(link)}`;
  return format === 'CloudMonitor form' ? `${head}${fieldsHtml(value)}` : head;
};
