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
  NIGHT_ROBOT_2: 'https://oapi.dingtalk.com/robot/send?access_token=ddddccccbbbbaaaa4321',
  NIGHT_SECRET_2: 'SECddddcccc88',
  HOOK_SECRET: 'whsec_bmV3IHNlY3JldCBvZiBhIGhvb2s=',
  OLD_HOOK_SECRET: 'whsec_b2xkIHNlY3JldCBvZiBhIGhvb2s=',
  HOOK_KEY: 'hookkey5566',
  WECOM_ROBOT: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11112222-aaaa-bbbb-cccc-333344445555',
  WECOM_ROBOT_2: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=66667777-aaaa-bbbb-cccc-888899990000',
  MAIL_CODE: 'mailcode99',
};

/** The same file, checked. */
export const completeSettings = (): Settings => {
  const result = parseSettings(completeText, { format: 'yaml', env: completeEnv, parseYaml });
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.issues));
  return result.settings;
};
