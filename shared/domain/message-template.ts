import type { Bilingual } from './event.ts';
import type { Language } from './language.ts';
import type { Settings } from './settings.ts';
import { nearestOf } from './settings-nearest.ts';

/** A message with variables, `$name` each, in both languages. */
export interface MessageTemplate {
  eventId: string;
  subject: Bilingual;
  content: Bilingual;
}

/** The variable that every template may use without being given it. Source: sophonsoar 2022-07-28, template variables. */
const ACCOUNT_VARIABLE = 'aliyunUID';

/** Event ids and variables. Source: sophonsoar 2022-07-28, RunNotifyComponentWithMessageCenter; the words are ours, the vendor's are not published. */
const BUILT_IN: readonly MessageTemplate[] = [
  {
    eventId: 'yundun_soar_incident_generate',
    subject: {
      zh: '【云安全中心】产生安全事件：$incidentName',
      en: 'Security Center: new security event: $incidentName',
    },
    content: {
      zh: '账号 $aliyunUID 产生了安全事件。\n事件名称：$incidentName\n事件 ID：$incidentID\n发生时间：$startTime\n请登录云安全中心控制台查看并处理。',
      en: 'A security event was generated for account $aliyunUID.\nEvent: $incidentName\nEvent ID: $incidentID\nTime: $startTime\nSee the console of Security Center and handle it.',
    },
  },
  {
    eventId: 'yundun_soar_alert_generate',
    subject: { zh: '【云安全中心】产生安全告警：$alertName', en: 'Security Center: new security alert: $alertName' },
    content: {
      zh: '账号 $aliyunUID 产生了安全告警。\n告警名称：$alertName\n告警 ID：$alertID\n发生时间：$startTime\n请登录云安全中心控制台查看并处理。',
      en: 'A security alert was generated for account $aliyunUID.\nAlert: $alertName\nAlert ID: $alertID\nTime: $startTime\nSee the console of Security Center and handle it.',
    },
  },
  {
    eventId: 'yundun_soar_incident_update',
    subject: {
      zh: '【云安全中心】安全事件更新：$incidentName',
      en: 'Security Center: security event updated: $incidentName',
    },
    content: {
      zh: '账号 $aliyunUID 的安全事件有更新。\n事件名称：$incidentName\n事件 ID：$incidentID\n开始时间：$startTime\n结束时间：$endTime\n状态：$status\n级别：$level\n请登录云安全中心控制台查看并处理。',
      en: 'A security event of account $aliyunUID was updated.\nEvent: $incidentName\nEvent ID: $incidentID\nFrom: $startTime\nTo: $endTime\nStatus: $status\nLevel: $level\nSee the console of Security Center and handle it.',
    },
  },
];

/** Every template by its event id; those of the settings speak before the built-in ones. */
export const messageTemplates = ({ messageCenter }: Settings): ReadonlyMap<string, MessageTemplate> =>
  new Map([...BUILT_IN, ...(messageCenter?.templates ?? [])].map((template) => [template.eventId, template]));

const VARIABLE = /\$([A-Za-z_]\w*)/g;

const textsOf = ({ subject, content }: MessageTemplate): string[] => [subject.zh, subject.en, content.zh, content.en];

/** The variables that a template needs and that the caller must give, in the order in which they occur. */
export const variablesOf = (template: MessageTemplate): string[] => {
  const names = textsOf(template).flatMap((text) => [...text.matchAll(VARIABLE)].map(([, name = '']) => name));
  return [...new Set(names)].filter((name) => name !== ACCOUNT_VARIABLE);
};

/** The template in one language with its variables replaced; one without a value stays as it is written. */
export const fillTemplate = (
  { subject, content }: MessageTemplate,
  language: Language,
  given: { variables: ReadonlyMap<string, string>; account: string },
): { title: string; text: string } => {
  const values = new Map([[ACCOUNT_VARIABLE, given.account], ...given.variables]);
  const filled = (text: string): string =>
    text.replace(VARIABLE, (written, name: string) => values.get(name) ?? written);
  return { title: filled(subject[language]), text: filled(content[language]) };
};

/** The event id that was probably meant. */
export const nearestTemplate = (eventId: string, known: Iterable<string>): string | undefined =>
  nearestOf(eventId, [...known]);
