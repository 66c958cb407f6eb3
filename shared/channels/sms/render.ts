import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import { type ShortWords, shortWordsOf } from '../short-words.ts';
import { variableText } from '../variable-text.ts';

/** Characters of one variable in a notification template. Source: help.aliyun.com/document_detail/101346.html, isv.PARAM_LENGTH_LIMIT. */
const MAX_VARIABLE_CHARS = 35;

/** A variable without a value is refused, and a dash says in both languages that there is none. Source: isv.TEMPLATE_MISSING_PARAMETERS. */
const NOTHING = '-';

/** Every variable that a template may use. */
export type TemplateParam = ShortWords;

/** The variables of a message for numbers of the mainland, each of 1 to 35 characters, without URLs. */
export const templateParamOf = (notice: Notice, target: Target): TemplateParam => {
  const { level, product, name, resource, count, time } = shortWordsOf(notice, target.timezone);
  const short = (text: string): string => variableText(text, MAX_VARIABLE_CHARS) || NOTHING;
  return {
    level: short(level),
    product: short(product),
    name: short(name),
    resource: short(resource),
    count: short(count),
    time: short(time),
  };
};

/** With the level, the count and the time at most 150 characters: longer texts cost more and are not read. */
const PART_CHARS = { product: 20, name: 40, resource: 34 };

const EVENTS = {
  zh: (count: string) => `共 ${count} 个事件`,
  en: (count: string) => `${count} ${count === '1' ? 'event' : 'events'}`,
};

/** The whole text for a number abroad: level, what happened, where, when and how many; without URLs. */
export const internationalTextOf = (notice: Notice, target: Target): string => {
  const { level, product, name, resource, count, time } = shortWordsOf(notice, target.timezone);
  const parts = [
    variableText(product, PART_CHARS.product),
    variableText(name, PART_CHARS.name),
    variableText(resource, PART_CHARS.resource),
    EVENTS[notice.language](count),
    time,
  ];
  return `(${level}) ${parts.filter((part) => part !== '').join(', ')}`;
};
