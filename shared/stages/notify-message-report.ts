import { channelName } from '../domain/channel-name.ts';
import type { Cause, Language } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import type { NotifyPlan } from '../domain/notify-message.ts';
import type { ErrandResult } from './notify-message-errand.ts';

/** How one receiver was told, in the language of the caller. */
interface NotifyReceipt {
  channel: string;
  receiver: string;
  delivery?: string;
  status: ErrandResult['status'];
  code: string;
  cause?: Cause;
  fix?: string;
  remark?: string;
  latencyMs: number;
}

/** What an action answers: the two outputs of the vendor's component, and what they rest on. */
export interface NotifyAnswer {
  message: string;
  /** True only when every message of every requested channel was delivered. */
  status: boolean;
  receipts: NotifyReceipt[];
  /** Why nothing was sent at all; empty otherwise. */
  problems: { code: string; field: string; message: string }[];
}

/** So many are told at once. */
const MAX_PROBLEMS = 20;

const WORDS = {
  en: {
    nothing: 'Nothing was sent. ',
    more: (count: number) => `And ${count} more problems.`,
    sum: (delivered: number, total: number) => `Delivered ${delivered} of ${total}. `,
    delivered: 'delivered',
    refused: (code: string) => `not delivered (${code})`,
    unknown: (code: string) => `perhaps delivered, no clear answer (${code})`,
    colon: ': ',
    once: 'What was not delivered is not tried again by itself, as messages about events are: call again with a new request id.',
    join: ' ',
  },
  zh: {
    nothing: '未发送任何内容。',
    more: (count: number) => `另有 ${count} 个问题。`,
    sum: (delivered: number, total: number) => `已送达 ${delivered}/${total}。`,
    delivered: '已送达',
    refused: (code: string) => `未送达（${code}）`,
    unknown: (code: string) => `可能已送达，没有明确的应答（${code}）`,
    colon: '：',
    once: '与事件通知不同，未送达的消息不会自动重试：请使用新的请求 ID 再次调用。',
    join: '',
  },
};

const receiptOf = ({ fix, remark, ...result }: ErrandResult, language: Language): NotifyReceipt => ({
  ...result,
  ...(fix === undefined ? {} : { fix: fix[language] }),
  ...(remark === undefined ? {} : { remark: remark[language] }),
});

const lineOf = (result: ErrandResult, language: Language): string => {
  const words = WORDS[language];
  const how = result.status === 'delivered' ? words.delivered : words[result.status](result.code);
  const end = language === 'zh' ? '。' : '.';
  const parts = [result.fix?.[language], result.remark?.[language]].filter((part) => part !== undefined);
  const who = `${channelName(result.channel)[language]} ${result.receiver}`;
  return [`${who}${words.colon}${how}${end}`, ...parts].join(words.join);
};

const said = (texts: readonly Bilingual[], language: Language): string[] => texts.map((text) => text[language]);

/** The answer of an action that was refused before anything was sent. */
export const refusedAnswer = ({ problems }: NotifyPlan, language: Language): NotifyAnswer => {
  const { nothing, join, more } = WORDS[language];
  const told = problems.slice(0, MAX_PROBLEMS);
  const left = problems.length - told.length;
  const texts = [...told.map(({ text }) => text[language]), ...(left > 0 ? [more(left)] : [])];
  return {
    message: `${nothing}${texts.join(join)}`,
    status: false,
    receipts: [],
    problems: told.map(({ code, field, text }) => ({ code, field, message: text[language] })),
  };
};

/** The answer of an action whose messages were sent, or not: what happened to each, in the language asked for. */
export const sentAnswer = (plan: NotifyPlan, results: readonly ErrandResult[], language: Language): NotifyAnswer => {
  const words = WORDS[language];
  const delivered = results.filter(({ status }) => status === 'delivered').length;
  const status = results.length > 0 && delivered === results.length;
  const lines = [
    ...results.map((result) => lineOf(result, language)),
    ...said(plan.remarks, language),
    ...(status ? [] : [words.once]),
  ];
  return {
    message: `${words.sum(delivered, results.length)}${lines.join(words.join)}`.trim(),
    status,
    receipts: results.map((result) => receiptOf(result, language)),
    problems: [],
  };
};
