import { readFileSync } from 'node:fs';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { parseSettings } from '../../shared/domain/settings-text.ts';

/** A settings file that holds every key once. */
export const completeText = readFileSync(new URL('../fixtures/settings/complete.yaml', import.meta.url), 'utf8');

/** What its `${env:NAME}` stand for. */
export const completeEnv = {
  NIGHT_ROBOT: 'https://oapi.dingtalk.com/robot/send?access_token=aaaabbbbccccdddd1234',
  NIGHT_SECRET: 'SECaaaabbbbcccc77',
  MAIL_CODE: 'mailcode99',
};

/** The same file, checked. */
export const completeSettings = (): Settings => {
  const result = parseSettings(completeText, { format: 'yaml', env: completeEnv, parseYaml });
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.issues));
  return result.settings;
};
