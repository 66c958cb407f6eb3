import type { Language } from '../../domain/delivery.ts';
import type { Bilingual } from '../../domain/event.ts';

const SENDER: Bilingual = { en: 'Fenghuo', zh: '烽火' };

const FOOTER: Bilingual = {
  en: 'Sent automatically by Fenghuo. Who gets which mail, and how often, is set in its settings.',
  zh: '此邮件由烽火自动发送。接收人、内容和频率可在烽火的设置中调整。',
};

/** The name that stands beside the address of the sender. */
export const senderName = (language: Language): string => SENDER[language];

/** The small print of every mail. */
export const footerOf = (language: Language): string => FOOTER[language];
