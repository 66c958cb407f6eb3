import type { Brief } from '../domain/digest.ts';
import type { Bilingual } from '../domain/event.ts';
import { isOver } from './status-words.ts';

interface Family {
  /** Tested against product, type and name, joined by spaces. */
  match: RegExp;
  says: Bilingual;
}

/** The first family that matches tells what an event means to the person on call. */
const FAMILIES: readonly Family[] = [
  {
    match: /^fenghuo Canary Canary$/,
    says: {
      en: 'A test that takes the way of every event. It has arrived, so nothing needs to be done; this conversation may be muted.',
      zh: '走完整条处理链的测试消息。收到即表示链路正常，无需处理，可将此会话设为免打扰。',
    },
  },
  {
    match: /^fenghuo Canary CanaryRecovered$/,
    says: {
      en: 'The chain works again. What was held up meanwhile is being sent; what was refused or is dead can be sent again with fenghuo replay.',
      zh: '通知链路已恢复。期间积压的消息正在发送；被拒绝或失败的可用 fenghuo replay 补发。',
    },
  },
  {
    match: /^fenghuo Canary CanaryNotDelivered$/,
    says: {
      en: 'Other messages on this channel may be missing too: look at the code and its fix with fenghuo why and the id of the canary, put the address right and test it.',
      zh: '该渠道的其他消息可能同样没有送达：用 fenghuo why 加自检事件编号查看错误代码和处理办法，修复地址后再测试。',
    },
  },
  {
    match: /^fenghuo Canary CanaryWithoutTarget$/,
    says: {
      en: 'The settings name a place for the canary that nothing can be sent to: run fenghuo check and correct canary.to.',
      zh: '配置中自检消息的目标无法送达：请运行 fenghuo check 并修正 canary.to。',
    },
  },
  {
    match: /^fenghuo Canary /,
    says: {
      en: 'Notifications may not arrive, or come late, until this is over; events are kept and are sent afterwards. Look at the functions and queues: their logs, triggers and backlog.',
      zh: '在恢复之前，通知可能无法送达或延迟；事件已保存，恢复后会继续发送。请检查各函数和队列的日志、触发器和积压情况。',
    },
  },
  {
    match: /^sas Overview /,
    says: {
      en: 'A count of the events that came in, and of what became of the notifications about them. What was refused or is dead needs a look: fenghuo check, and the list of deliveries.',
      zh: '统计期内收到的事件数量及其通知结果。如有被拒绝或失败的通知，请运行 fenghuo check 并查看送达记录。',
    },
  },
  {
    match: /^\S+ .*(accesskey|ak[_-]?leak|\bak\b)/i,
    says: {
      en: 'An AccessKey may have become public: disable it and replace it now, then look at what it was used for.',
      zh: 'AccessKey 可能已泄露：请立即禁用并更换，再核查其调用记录。',
    },
  },
  {
    match: /^sas .*(vulnerability|emergency)/i,
    says: {
      en: 'A known vulnerability affects this asset: read the advice in Security Center and plan the fix.',
      zh: '资产存在已知漏洞：请在云安全中心查看修复建议并安排修复。',
    },
  },
  {
    match: /^sas .*(baseline|cspm|hc_|config)/i,
    says: {
      en: 'The configuration departs from the security baseline: review the failed checks and harden it.',
      zh: '配置不符合安全基线：请查看未通过的检查项并加固。',
    },
  },
  {
    match: /^sas .*(agentless|mfd|malicious)/i,
    says: {
      en: 'A scan found a malicious file or a risk: check the asset and isolate the file.',
      zh: '扫描发现恶意文件或风险：请检查该资产并隔离文件。',
    },
  },
  {
    match: /^sas .*rasp/i,
    says: {
      en: 'Application protection saw an attack on the running application: check whether it was blocked.',
      zh: '应用防护检测到针对应用的攻击：请确认是否已拦截。',
    },
  },
  {
    match: /^sas /i,
    says: {
      en: 'Security Center sees signs of an intrusion: check whether the behaviour is yours, and isolate the asset if it is not.',
      zh: '云安全中心发现入侵迹象：请确认是否为正常行为，如不是请隔离该资产。',
    },
  },
  {
    match: /blackhole/i,
    says: {
      en: 'Traffic to this address is dropped to protect the network: it cannot be reached until the attack is over.',
      zh: '为保护网络，发往该地址的流量被丢弃（黑洞）：攻击结束前无法访问。',
    },
  },
  {
    match: /attack|ddos|scrubbing|defense|\bcc\b|intrusion|securityincident/i,
    says: {
      en: 'An attack on this resource was seen: watch the traffic and check that the protection is on.',
      zh: '检测到针对该资源的攻击：请关注流量并确认防护已开启。',
    },
  },
  {
    match: /certkey|certificate|cert.*expir/i,
    says: {
      en: 'A certificate has expired or is about to: replace it before connections fail.',
      zh: '证书已过期或即将过期：请在连接失败前更换。',
    },
  },
  {
    match: /preemptible|spot.*(interrupt|release)|interruption/i,
    says: {
      en: 'The spot instance will be taken back soon: move its work elsewhere now.',
      zh: '抢占式实例即将被回收：请立即迁移业务。',
    },
  },
  {
    match: /maintenance/i,
    says: {
      en: 'The provider maintains the hardware or the system below: plan for a short interruption, or choose a better time yourself before then.',
      zh: '底层硬件或系统需要维护：请预留短暂中断的时间，或提前自行选择执行时间。',
    },
  },
  {
    match: /iohang|slowio|stalled|diskerror|disk.*(hang|slow)/i,
    says: {
      en: 'The disk answers slowly or not at all: applications on it may hang, and data should be checked afterwards.',
      zh: '磁盘响应缓慢或无响应：其上的应用可能卡住，恢复后请检查数据。',
    },
  },
  {
    match: /failover|switchover|ha[_-]?switch|masterslave/i,
    says: {
      en: 'The database switched to its standby: connections were cut for a moment; check that applications connected again.',
      zh: '数据库已切换到备节点：连接曾短暂中断，请确认应用已重连。',
    },
  },
  {
    match: /livemigration|migrat/i,
    says: {
      en: 'The resource moves to another machine: expect a short drop in performance.',
      zh: '资源正在迁移到其他物理机：可能出现短暂的性能下降。',
    },
  },
  {
    match: /exceed|restricted|quota|limit|usage|threshold|bandwidth|performance/i,
    says: {
      en: 'A limit is reached or near: performance is capped or requests may fail until the load falls or the limit is raised.',
      zh: '已达到或接近上限：在负载下降或扩容之前，性能受限或请求可能失败。',
    },
  },
  {
    match: /fail|exception|error|fault|crash|panic|unavailable|stopped/i,
    says: {
      en: 'Something failed and may not serve at the moment: check the resource and its dependents.',
      zh: '资源出现故障，可能暂时无法提供服务：请检查该资源及依赖它的业务。',
    },
  },
  {
    match: /statechange|statuschange|state_change/i,
    says: {
      en: 'The resource changed its state: nothing to do when somebody intended it.',
      zh: '资源状态发生变化：如为主动操作则无需处理。',
    },
  },
  {
    match: /snapshot|backup/i,
    says: {
      en: 'A snapshot or backup changed its state: check that a usable copy exists.',
      zh: '快照或备份状态发生变化：请确认存在可用的副本。',
    },
  },
  {
    match: /noncompliant|compliance/i,
    says: {
      en: 'A resource breaks a rule of your configuration policy: correct it, or accept the exception.',
      zh: '资源不符合配置规则：请修正或登记为例外。',
    },
  },
];

const OVER: Bilingual = {
  en: 'It is over or will not take place; nothing needs to be done unless applications still suffer.',
  zh: '该事件已结束或不再发生；如业务仍受影响再处理，否则无需操作。',
};

/** What their events are called was chosen by the people who made the alert rules, so that a word in it tells no family. */
const NAMED_BY_PEOPLE: ReadonlySet<string> = new Set(['sls', 'arms', 'grafana']);

/** One sentence on what an event of a well-known family means to the person on call; undefined for others. */
export const meaningOf = (brief: Brief): Bilingual | undefined => {
  if (isOver(brief.status)) return OVER;
  if (NAMED_BY_PEOPLE.has(brief.product)) return undefined;
  const subject = `${brief.product} ${brief.type} ${brief.name}`;
  return FAMILIES.find(({ match }) => match.test(subject))?.says;
};
