import type { Bilingual } from './event.ts';

/**
 * One product each: our code, English name, Chinese name, then other words for it. A list and not one text to be split: pieces of a
 * text with Chinese in it keep two bytes a character and become the engine's only copy of words such as `ECS`, so that every
 * message that names one would be twice as large. CloudMonitor, EventBridge, ARNs, metric
 * namespaces and the console each spell products in their own way; the codes are the service parts of ARNs where there is one.
 */
const PRODUCTS: readonly (readonly [code: string, en: string, zh: string, ...aliases: string[]])[] = [
  ['ecs', 'ECS', '云服务器 ECS', 'elastic compute service', '云服务器', '云服务器ecs'],
  [
    'sas',
    'Security Center',
    '云安全中心',
    'cloud security center',
    'aegis',
    'yundun',
    'yundun-sas',
    'threatdetection',
    '安全中心',
    '态势感知',
  ],
  ['cloudsiem', 'Agentic SOC', '云安全态势管理', 'cloud-siem', 'siem', 'sophonsoar'],
  ['ebs', 'Elastic Block Storage', '块存储 EBS', 'block storage', '块存储'],
  ['slb', 'Server Load Balancer', '负载均衡 SLB', 'clb', 'classic load balancer', '负载均衡', '传统型负载均衡'],
  ['alb', 'Application Load Balancer', '应用型负载均衡 ALB', '应用型负载均衡'],
  ['nlb', 'Network Load Balancer', '网络型负载均衡 NLB', '网络型负载均衡'],
  ['rds', 'ApsaraDB RDS', '云数据库 RDS', 'apsaradb for rds', '云数据库rds', '云数据库rds版'],
  ['redis', 'ApsaraDB for Redis', '云数据库 Redis', 'kvstore', 'tair', '云数据库redis版', '云数据库redis'],
  ['mongodb', 'ApsaraDB for MongoDB', '云数据库 MongoDB', 'dds', '云数据库mongodb版', '云数据库mongodb'],
  ['polardb', 'PolarDB', '云数据库 PolarDB', 'polardb (earlier version)', '云原生关系型数据库polardb'],
  ['adb', 'AnalyticDB', '云原生数据仓库 AnalyticDB', 'ads', 'analyticdb for mysql'],
  ['gpdb', 'AnalyticDB for PostgreSQL', 'AnalyticDB PostgreSQL 版', 'hybriddb', 'hybriddb for postgresql'],
  ['hbase', 'ApsaraDB for HBase', '云数据库 HBase', 'lindorm'],
  ['clickhouse', 'ApsaraDB for ClickHouse', '云数据库 ClickHouse'],
  ['dbs', 'Database Backup', '数据库备份 DBS', 'database backup', '数据库备份'],
  ['dts', 'Data Transmission Service', '数据传输 DTS', 'data transmission', '数据传输'],
  ['das', 'Database Autonomy Service', '数据库自治服务 DAS', 'hdm'],
  ['oss', 'Object Storage Service', '对象存储 OSS', '对象存储', 'object storage'],
  ['nas', 'File Storage NAS', '文件存储 NAS', '文件存储'],
  ['cms', 'CloudMonitor', '云监控', 'cloud monitor', 'cloudmonitor', 'cms2'],
  ['arms', 'ARMS', '应用实时监控服务 ARMS', 'prometheus', 'application real-time monitoring service'],
  ['sls', 'Log Service', '日志服务 SLS', 'log service', 'simple log service', 'log', '日志服务'],
  ['emr', 'E-MapReduce', 'E-MapReduce', 'e-mapreduce', 'mapreduce'],
  ['ess', 'Auto Scaling', '弹性伸缩', 'auto scaling', '弹性伸缩'],
  ['iot', 'IoT Platform', '物联网平台', '物联网平台'],
  ['sag', 'Smart Access Gateway', '智能接入网关', 'smartaccessgateway', 'smartag', '智能接入网关'],
  ['waf', 'WAF', 'Web 应用防火墙', 'web application firewall', 'web应用防火墙', 'yundun-waf'],
  ['cloudfw', 'Cloud Firewall', '云防火墙', 'cloud firewall', 'cloudfirewall', '云防火墙'],
  ['ddoscoo', 'Anti-DDoS Pro', 'DDoS 高防', 'newbgpddos', 'anti-ddos pro', 'ddos高防', 'ddos'],
  ['ddosdip', 'Anti-DDoS Premium', 'DDoS 高防（国际）', 'anti-ddos premium', 'ddosdip'],
  ['ddosbgp', 'Anti-DDoS Origin', 'DDoS 原生防护', 'anti-ddos origin', 'antiddos'],
  ['scdn', 'Secure CDN', '安全加速 SCDN', 'secure cdn'],
  ['cdn', 'CDN', 'CDN', 'alibaba cloud cdn'],
  ['dcdn', 'DCDN', '全站加速 DCDN', '全站加速'],
  ['ens', 'Edge Node Service', '边缘节点服务 ENS', 'edge node service', '边缘节点服务'],
  ['vpc', 'VPC', '专有网络 VPC', 'virtual private cloud', '专有网络'],
  ['vpngw', 'VPN Gateway', 'VPN 网关', 'vpn', 'vpn gateway', 'vpn网关'],
  ['eip', 'Elastic IP Address', '弹性公网 IP', 'elastic ip address', '弹性公网ip'],
  ['nat', 'NAT Gateway', 'NAT 网关', 'nat gateway', 'natgateway', 'nat网关'],
  ['cen', 'Cloud Enterprise Network', '云企业网', 'cloud enterprise network', 'cbn', '云企业网'],
  ['pvtz', 'PrivateZone', '内网 DNS', 'privatezone', 'alibaba cloud privatezone'],
  ['alidns', 'Alibaba Cloud DNS', '云解析 DNS', 'dns'],
  ['privatelink', 'PrivateLink', '私网连接', '私网连接'],
  ['ros', 'Resource Orchestration Service', '资源编排 ROS', '资源编排'],
  ['oos', 'OOS', '运维编排 OOS', 'operation orchestration service', '运维编排'],
  ['config', 'Cloud Config', '配置审计', 'cloud config', '配置审计'],
  ['actiontrail', 'ActionTrail', '操作审计', '操作审计'],
  ['ram', 'RAM', '访问控制 RAM', 'ims', 'resource access management', '访问控制'],
  ['sts', 'STS', '安全令牌服务 STS'],
  ['kms', 'KMS', '密钥管理服务 KMS', 'key management service', '密钥管理服务'],
  ['cas', 'Certificate Management', '数字证书管理服务', 'ssl certificates service'],
  ['eventbridge', 'EventBridge', '事件总线 EventBridge', '事件总线'],
  ['mns', 'SMQ', '轻量消息队列 SMQ', 'smq', 'message service', 'simple message queue', '消息服务'],
  ['rocketmq', 'RocketMQ', '消息队列 RocketMQ', 'ons', 'mq'],
  ['alikafka', 'Kafka', '消息队列 Kafka', 'kafka'],
  ['fc', 'Function Compute', '函数计算', 'function compute', '函数计算'],
  ['cs', 'Container Service', '容器服务 ACK', 'ack', 'kubernetes', 'container service', 'k8s', '容器服务'],
  ['cr', 'Container Registry', '容器镜像服务', 'acr'],
  ['apigateway', 'API Gateway', 'API 网关', 'api gateway', 'api网关'],
  ['elasticsearch', 'Elasticsearch', '检索分析服务 Elasticsearch'],
  ['dataworks', 'DataWorks', 'DataWorks'],
  ['maxcompute', 'MaxCompute', 'MaxCompute', 'odps'],
  ['live', 'ApsaraVideo Live', '视频直播', '视频直播'],
  ['vod', 'ApsaraVideo VOD', '视频点播', '视频点播'],
  ['aliyuncvc', 'Video Conferencing', '音视频会议'],
  ['dashscope', 'Model Studio', '百炼', 'bailian'],
  ['grafana', 'Grafana', 'Grafana'],
  ['fenghuo', 'Fenghuo', '烽火'],
  ['unknown', 'Unknown product', '未知产品'],
];

interface Product {
  code: string;
  name: Bilingual;
}

/** Letters and digits alone: vendors write the same name as `Security Center`, `SecurityCenter` and `security_center`. */
const squeezed = (word: string): string => word.replace(/[^\p{L}\p{N}]+/gu, '');

const BY_WORD = new Map<string, Product>();
const BY_SQUEEZED = new Map<string, Product>();
for (const [code, en, zh, ...aliases] of PRODUCTS) {
  const product: Product = { code, name: { zh, en } };
  for (const word of [code, en.toLowerCase(), zh.toLowerCase(), ...aliases])
    if (word !== '') {
      BY_WORD.set(word, product);
      BY_SQUEEZED.set(squeezed(word), product);
    }
}

/** Words of this process that were already looked up; bounded, because callers choose the words. */
const remembered = new Map<string, string>();
const MAX_REMEMBERED = 500;
const MAX_CODE_CHARS = 40;

const slugOf = (word: string): string =>
  word
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_CODE_CHARS) || 'unknown';

const stripped = (word: string): string =>
  word
    .replace(/^(acs|aliyun)(::|[._:])/, '')
    .replace(/(_dashboard|_new|\.aliyuncs\.com)$/, '')
    .replace(/::.*$/, '');

const lookUp = (word: string): string => {
  const lower = word.trim().toLowerCase();
  const bare = stripped(lower);
  const known = BY_WORD.get(lower) ?? BY_WORD.get(bare) ?? BY_SQUEEZED.get(squeezed(bare));
  return known?.code ?? slugOf(bare);
};

/**
 * Our short lower-case code for any word a vendor uses for a product (`ApsaraDB RDS`, `acs_rds_dashboard`, `acs.rds`, `ACS::RDS::DBInstance`);
 * a word that is not known becomes a code of its own, and an empty one `unknown`.
 */
export const productOf = (word: string): string => {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const code = lookUp(word);
  if (remembered.size < MAX_REMEMBERED && word.length <= 100) remembered.set(word, code);
  return code;
};

/** Name of a product for readers, in both languages; the code itself when it is not one of ours. */
export const productNameOf = (code: string): Bilingual => BY_WORD.get(code)?.name ?? { zh: code, en: code };

/** Whether this is the code of a product that we know by name. */
export const isKnownProduct = (code: string): boolean => BY_WORD.has(code);
