import type { Language } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';

const same = (name: string): Bilingual => ({ zh: name, en: name });

/** Product codes and the names by which readers know the products. */
const NAMES: Readonly<Record<string, Bilingual>> = {
  actiontrail: { zh: '操作审计', en: 'ActionTrail' },
  adb: { zh: '云原生数仓 AnalyticDB', en: 'AnalyticDB' },
  ads: { zh: '云原生数仓 AnalyticDB', en: 'AnalyticDB' },
  apigateway: { zh: 'API 网关', en: 'API Gateway' },
  arms: { zh: '应用实时监控 ARMS', en: 'ARMS' },
  cdn: same('CDN'),
  cen: { zh: '云企业网 CEN', en: 'CEN' },
  cloudfirewall: { zh: '云防火墙', en: 'Cloud Firewall' },
  cloudmonitor: { zh: '云监控', en: 'CloudMonitor' },
  cms: { zh: '云监控', en: 'CloudMonitor' },
  config: { zh: '配置审计', en: 'Cloud Config' },
  dbs: { zh: '数据库备份 DBS', en: 'DBS' },
  ddos: { zh: 'DDoS 防护', en: 'Anti-DDoS' },
  ddoscoo: { zh: 'DDoS 高防', en: 'Anti-DDoS Pro' },
  ddosdip: { zh: 'DDoS 高防（国际）', en: 'Anti-DDoS Premium' },
  dts: { zh: '数据传输 DTS', en: 'DTS' },
  ebs: { zh: '块存储 EBS', en: 'EBS' },
  ecs: { zh: '云服务器 ECS', en: 'ECS' },
  eip: { zh: '弹性公网 IP', en: 'EIP' },
  emr: { zh: '开源大数据 EMR', en: 'EMR' },
  ens: { zh: '边缘节点服务 ENS', en: 'ENS' },
  ess: { zh: '弹性伸缩', en: 'Auto Scaling' },
  eventbridge: { zh: '事件总线', en: 'EventBridge' },
  fenghuo: { zh: '烽火', en: 'Fenghuo' },
  fc: { zh: '函数计算', en: 'Function Compute' },
  gpdb: { zh: '云原生数仓 AnalyticDB PostgreSQL', en: 'AnalyticDB for PostgreSQL' },
  iot: { zh: '物联网平台', en: 'IoT Platform' },
  k8s: { zh: '容器服务', en: 'Container Service' },
  kms: { zh: '密钥管理 KMS', en: 'KMS' },
  mns: { zh: '消息服务', en: 'Simple Message Queue' },
  mongodb: { zh: '云数据库 MongoDB', en: 'MongoDB' },
  oos: { zh: '系统运维管理 OOS', en: 'OOS' },
  oss: { zh: '对象存储 OSS', en: 'OSS' },
  polardb: { zh: '云数据库 PolarDB', en: 'PolarDB' },
  privatelink: { zh: '私网连接', en: 'PrivateLink' },
  pvtz: { zh: '内网 DNS 解析', en: 'PrivateZone' },
  ram: { zh: '访问控制 RAM', en: 'RAM' },
  rds: { zh: '云数据库 RDS', en: 'RDS' },
  redis: { zh: '云数据库 Redis', en: 'Redis' },
  ros: { zh: '资源编排 ROS', en: 'ROS' },
  sag: { zh: '智能接入网关', en: 'Smart Access Gateway' },
  sas: { zh: '云安全中心', en: 'Security Center' },
  scdn: { zh: '安全加速 SCDN', en: 'SCDN' },
  slb: { zh: '负载均衡', en: 'Load Balancer' },
  sls: { zh: '日志服务', en: 'Log Service' },
  unknown: { zh: '未识别的来源', en: 'Unknown source' },
  vpc: { zh: '专有网络 VPC', en: 'VPC' },
  vpngw: { zh: 'VPN 网关', en: 'VPN Gateway' },
  vpn: { zh: 'VPN 网关', en: 'VPN Gateway' },
  waf: { zh: 'Web 应用防火墙', en: 'WAF' },
};

const KNOWN = new Map(Object.entries(NAMES));

/** The name of a product for a reader; an unknown code is shown as it is. */
export const productName = (code: string, language: Language): string => KNOWN.get(code)?.[language] ?? code;
