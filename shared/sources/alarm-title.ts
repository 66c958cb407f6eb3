import type { Bilingual } from '../domain/event.ts';

const STATES: ReadonlyMap<string, Bilingual> = new Map([
  ['alert', { en: 'alarm', zh: '报警' }],
  ['alarm', { en: 'alarm', zh: '报警' }],
  ['alerting', { en: 'alarm', zh: '报警' }],
  ['firing', { en: 'alarm', zh: '报警' }],
  ['occurred', { en: 'alarm', zh: '报警' }],
  ['persistent', { en: 'still in alarm', zh: '持续报警' }],
  ['ok', { en: 'recovered', zh: '恢复正常' }],
  ['resolved', { en: 'recovered', zh: '恢复正常' }],
  ['insufficient_data', { en: 'no data', zh: '无数据' }],
  ['no_data', { en: 'no data', zh: '无数据' }],
  ['paused', { en: 'paused', zh: '已暂停' }],
  ['pending', { en: 'pending', zh: '待确认' }],
]);

/** The title of a rule-based alarm: the user's own rule name and what became of it. */
export const alarmTitleOf = (rule: string, state: string): Bilingual => {
  const word = STATES.get(state.toLowerCase()) ?? { en: state || 'alarm', zh: state || '报警' };
  return { en: `${rule || 'Unnamed rule'}: ${word.en}`, zh: `${rule || '未命名规则'}：${word.zh}` };
};
