import type { Outcome } from '../../domain/outcome.ts';

/** The number cannot be called; no setting but another number helps. */
export const BAD_NUMBER: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: 'bad-number',
  cause: 'format',
  text: 'nobody was called',
  fix: {
    en: 'Only mobile phones of the mainland can be called: write +86 and 11 digits, or use another channel for this contact.',
    zh: '只能呼叫内地手机号码：请写 +86 加 11 位数字，或为该联系人改用其他渠道。',
  },
};

/** The settings say nothing about voice calls. */
export const NO_SETTINGS: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: 'no-voice-settings',
  cause: 'other',
  text: 'nobody was called',
  fix: {
    en: 'The settings have no template for voice calls: add voice: { ttsCode }.',
    zh: '配置中没有语音模板：请添加 voice: { ttsCode }。',
  },
};
