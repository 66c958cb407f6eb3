import {
  type ImportContext,
  type Importer,
  type ImportLoss,
  type ImportPart,
  leftovers,
  lossAt,
} from './import-part.ts';
import type { VendorRecord } from './import-record.ts';
import type { Chatbot, NoticeKind } from './settings.ts';

/** What a robot is told about, by the end of `ConfigList[].type`; the vendor publishes these three and no more. */
const KINDS: readonly (readonly [end: RegExp, kind: NoticeKind])[] = [
  [/sas-event-vul/, 'vulnerability'],
  [/sas-event-hc/, 'baseline'],
  [/sas-event-suspicious/, 'alert'],
  [/access-?key|ak-?leak/i, 'accessKeyLeak'],
];

/**
 * `IntervalTime`: the vendor says minutes in one document and seconds in another (CreateOrUpdateDingTalk, DescribeDingTalk of
 * sas 2018-12-03). The console offers 1, 5, 10 and 30 minutes, so that no number can mean both.
 */
const INTERVALS: Readonly<Record<string, Chatbot['interval']>> = {
  '0': 'none',
  '1': '1m',
  '5': '5m',
  '10': '10m',
  '30': '30m',
  '60': '1m',
  '300': '5m',
  '600': '10m',
  '1800': '30m',
};

const intervalOf = (record: VendorRecord, losses: ImportLoss[]): Pick<Chatbot, 'interval'> => {
  const written = record.text('IntervalTime');
  if (written === undefined) return {};
  const interval = INTERVALS[written];
  if (interval === undefined) losses.push(lossAt(record, 'unit-guessed', { member: 'IntervalTime', detail: written }));
  return { interval: interval ?? '5m' };
};

const isEverything = (item: VendorRecord): boolean => item.words('valueList').every((word) => word === 'all');

const kindsOf = (record: VendorRecord, losses: ImportLoss[]): Pick<Chatbot, 'notifyOn'> => {
  const configs = record.records('ConfigList');
  const kinds = configs.flatMap((config) => {
    const type = config.text('type') ?? '';
    const kind = KINDS.find(([end]) => end.test(type))?.[1];
    if (kind === undefined) losses.push(lossAt(config, 'not-understood', { detail: type }));
    for (const item of config.records('configItemList'))
      if (!isEverything(item)) losses.push(lossAt(item, 'carried-in-part', { detail: item.text('key') ?? '' }));
    return kind ?? [];
  });
  return kinds.length === 0 ? {} : { notifyOn: [...new Set(kinds)] };
};

const read = (record: VendorRecord, context: ImportContext): ImportPart => {
  const losses: ImportLoss[] = [];
  const name = record.text('RuleActionName', 'ActionName') ?? 'dingtalk';
  const member = record.has('SendUrl') ? 'SendUrl' : 'Url';
  const url = context.keep(`robot ${name}`, record.text(member) ?? '', record.at(member));
  const groups = record.words('GroupIdList');
  const language = record.text('DingTalkLang');
  const status = record.text('Status');
  record.skip('Id', 'AliUid', 'GmtCreate', 'GmtModified', 'CurrentPage', 'RequestId', 'SourceIp', 'Action', 'Version');
  const chatbot: Chatbot = {
    name,
    type: 'dingtalk',
    url,
    ...(groups.length === 0 ? {} : { assetGroups: groups }),
    ...kindsOf(record, losses),
    ...intervalOf(record, losses),
    ...(language === 'zh' || language === 'en' ? { language } : {}),
    ...(status === undefined ? {} : { enabled: status === '1' }),
  };
  return {
    chatbots: [chatbot],
    assetGroups: groups.map((id) => ({ name: id, source: 'securityCenter' as const, id })),
    losses: [...losses, ...leftovers(record)],
  };
};

/** Robots of Security Center: what CreateOrUpdateDingTalk is called with, or what DescribeDingTalk answers. */
export const robotImporter: Importer = {
  kind: 'robot',
  fits: (record) =>
    (record.has('RuleActionName') && record.has('SendUrl')) || (record.has('ActionName') && record.has('Url')),
  read,
};
