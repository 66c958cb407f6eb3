import type { Settings } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';

const WORDS = [
  'the robots of Message Center: stored, not acted on yet',
  'they get nothing',
  'keep it; it is stored and comes into force with the version that acts on it',
] as const;

/** An honest list of what the file says and this version does not do: each part is checked and stored but not acted on. */
export const unsupportedFindings = ({ messageCenter }: Settings): SettingsFinding[] =>
  (messageCenter?.robots ?? []).length === 0
    ? []
    : [
        finding({ code: 'not-acted-on', severity: 'remind', path: 'messageCenter.robots' }, WORDS, [
          '该部分已保存，但本版本尚未生效',
          '暂不会按其执行',
          '保留即可，支持它的版本会使其生效',
        ]),
      ];
