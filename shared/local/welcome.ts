import { ingestKeyOf } from '../console/access.ts';
import { DEFAULT_DATA_DIR, type HostEnvironment } from './environment.ts';
import type { Host } from './host.ts';

const EVENT = [
  `'{"product":"ECS","level":"CRITICAL","name":"Instance:SystemMaintenance.Reboot:Scheduled","id":"try-'"$(date +%s)"'",`,
  `"eventTime":"'"$(date +%Y%m%dT%H%M%S.000%z)"'","userId":"1234567890123456","regionId":"cn-hangzhou",`,
  `"resourceId":"acs:ecs:cn-hangzhou:1234567890123456:instance/i-bp1try0000000000001","instanceName":"web-01",`,
  `"content":{"eventId":"e-bp1try'"$(date +%s)"'","eventType":"SystemMaintenance.Reboot","eventStatus":"Scheduled","instanceId":"i-bp1try0000000000001"}}'`,
].join('');

const mailLines = ({ mailServer }: Host): string[] =>
  mailServer === undefined ? [] : [`  fake mail server · 模拟邮箱 ${mailServer} (emailSendServer)`];

const sandboxLines = (url: string): string[] => [
  '',
  `See what groups, mailboxes and phones got · 在这里查看各群、邮箱和手机收到的消息:  ${url}/sandbox`,
];

/** The command line finds a host through its data directory, so another one must be named. */
const whyCommand = ({ dataDir }: HostEnvironment): string =>
  `${dataDir === DEFAULT_DATA_DIR ? '' : `FENGHUO_DATA_DIR='${dataDir}' `}npx fenghuo why evt_...`;

const findingLines = (findings: readonly string[]): string[] =>
  findings.length === 0 ? [] : ['', 'About the settings · 配置提示:', ...findings.map((finding) => `  - ${finding}`)];

/** What is printed when the host answers: where it is, and the first thing to try. */
export const welcome = (host: Host, environment: HostEnvironment): string => {
  const { url, token, findings } = host;
  return [
    'Fenghuo is running · 烽火已启动',
    '',
    `  address · 地址            ${url}`,
    `  page with token · 控制台  ${url}/?token=${encodeURIComponent(token)}`,
    `  ingest URL · 接入地址     ${url}/ingest/${ingestKeyOf(token)}`,
    `  data · 数据目录           ${environment.dataDir}`,
    ...mailLines(host),
    '',
    'Try it: send an ECS event · 试一试，发送一个 ECS 事件',
    '',
    `  curl -sS ${url}/ingest -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d ${EVENT}`,
    ...(environment.sandbox ? sandboxLines(url) : []),
    '',
    'Ask who was told, or why nobody was, with the id from the answer · 用应答中的 id 查询通知了谁及每一步的原因:',
    '',
    `  ${whyCommand(environment)}`,
    ...findingLines(findings),
    '',
    'Ctrl-C stops it; nothing that was accepted is lost. · Ctrl-C 停止，已接收的事件不会丢失。',
    '',
    '',
  ].join('\n');
};
