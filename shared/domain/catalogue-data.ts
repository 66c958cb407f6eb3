/**
 * The system events of CloudMonitor (DescribeSystemEventMetaList and the product appendix of its documentation) and the
 * Security Center items that are pushed to it. A line `@code` opens a product, a line `#event type|level` opens a group; then one
 * name a line: `name|statuses|English|Chinese`. C, W, I are CRITICAL, WARN, INFO; `Status=I` is the level of one status. Statuses
 * after `=` are not told in the title. A name without titles is composed of terms; `~` stands for the component in the name.
 */
export const CATALOGUE_DATA = `@adb
#Exception|C
InsertFailureRate|=Failed|High insert failure rate|写入失败率过高
SelectFailureRate|=Failed|High query failure rate|查询失败率过高
#Maintenance|C
StorageUsage|=Failed|High storage usage|存储空间使用率过高
@cms
#Exception|C
Agent_Status_Running|=Running|CloudMonitor agent is running again|云监控插件恢复运行
Agent_Status_Stopped|=Stopped|CloudMonitor agent stopped|云监控插件停止运行
Group_AddResourcesFailed_QuotaReached|=Failed|Resources not added to the group: quota reached|资源加入应用分组失败：已达配额上限
@dbs
#StatusNotification|I
CloseContBackup|=Failed|Continuous backup turned off|增量备份已关闭
OpenContBackup|=Running|Continuous backup turned on|增量备份已开启
InstancePause|=Failed|Backup instance paused|备份实例已暂停
InstanceStart|=Running|Backup instance started|备份实例已启动
#StatusNotification|W
DataRestoreFail|=Failed|Data restore failed|数据恢复失败
DataRestoreSuccess|=Running|Data restore succeeded|数据恢复成功
#Exception|W
ContBackupFail|=Failed|Continuous backup failed|增量备份失败
FullBackupFail|=Failed|Full backup failed|全量备份失败
@ecs
#Exception|C
Disk:Stalled|Executed,Executing|Disk I/O performance severely degraded|磁盘 I/O 性能受到严重影响
Disk:ErrorDetected|Executed,Executing|Local disk damage detected|本地盘出现损坏告警
Instance:InstanceFailure.Reboot|Executed,Executing
Instance:SystemFailure.Reboot|Executed,Executing,Failed
Instance:SystemFailure.Delete|Avoided,Executed,Executing
Instance:SystemFailure.Redeploy|Avoided,Canceled,Executed,Executing,Scheduled
Instance:SystemFailure.Stop|Executed,Executing
#Exception|W
Instance:Security.TpmAlert|Executed,Executing|Trusted boot check failed on the instance|实例可信状态异常
#|C
Instance:AccountUnbalanced.Delete|Avoided=I,Canceled=W,Executed,Executing,Failed=W,Scheduled
Instance:AccountUnbalanced.PerformanceAffect|Avoided=I,Canceled=W,Executed,Executing,Failed=W,Scheduled
Instance:AccountUnbalanced.Stop|Avoided=I,Canceled=W,Executed,Executing,Failed=W,Scheduled
Instance:InstanceExpiration.Delete|Avoided=I,Canceled=W,Executed,Executing,Failed=W,Scheduled
Instance:InstanceExpiration.Stop|Avoided=I,Canceled=W,Executed,Executing,Failed=W,Scheduled
#Maintenance|W
Instance:SystemMaintenance.PerformanceImpact|Executed,Executing
#Maintenance|C
Instance:SystemMaintenance.Reboot|Avoided,Canceled,Executed,Executing,Failed,Scheduled,Inquiring
Instance:SystemMaintenance.Redeploy|Avoided,Canceled,Executed,Executing,Inquiring,Scheduled
Instance:SystemMaintenance.Stop|Avoided,Canceled,Executed,Executing,Failed,Scheduled
Instance:SystemMaintenance.IsolateErrorDisk|Avoided,Canceled,Executed,Executing,Failed,Inquiring
Instance:SystemMaintenance.ReInitErrorDisk|Avoided,Canceled,Executed,Executing,Failed,Inquiring
Instance:SystemMaintenance.RebootAndIsolateErrorDisk|Avoided,Canceled,Executed,Executing,Inquiring
Instance:SystemMaintenance.RebootAndReInitErrorDisk|Avoided,Canceled,Executed,Executing,Inquiring
#StatusNotification|C
Disk:OverduePaymentRelease|=Normal|Disk released because of overdue payment|磁盘因欠费被释放
#StatusNotification|W
Instance:BurstablePerformanceRestricted|=Normal|Burstable instance runs with restricted performance|突发性能实例性能受限
Instance:PreemptibleInstanceInterruption|=Normal|Preemptible instance will be reclaimed|抢占式实例即将被释放
#StatusNotification|I
Instance:StateChange|=Normal|Instance state changed|实例状态变更
Instance:LiveMigrationAcrossDDH|=N/A|Live migration between dedicated hosts|实例在专有宿主机之间热迁移
Instance:PerformanceModeChange|=Normal|Performance mode of a burstable instance changed|突发性能实例的性能模式变更
Disk:StateChange|=Normal|Disk state changed|磁盘状态变更
Disk:ConvertToPostpaidCompleted|=Normal|Disk converted to pay-as-you-go|磁盘已转为按量付费
Disk:DiskOperationCompleted|=Normal|Disk operation completed|磁盘操作完成
Image:StateChange|=Normal|Image state changed|镜像状态变更
NetworkInterface:StateChange|=Normal|Network interface state changed|弹性网卡状态变更
Snapshot:CreateSnapshotCompleted|=Normal|Snapshot creation finished|创建快照完成
@ess
#StatusNotification|C
AUTOSCALING:SCALE_IN_ERROR|=unnormal|Scale-in failed|弹性收缩失败
AUTOSCALING:SCALE_OUT_ERROR|=unnormal|Scale-out failed|弹性扩张失败
#StatusNotification|I
AUTOSCALING:SCALE_IN_START|=normal|Scale-in started|弹性收缩开始
AUTOSCALING:SCALE_IN_SUCCESS|=normal|Scale-in succeeded|弹性收缩成功
AUTOSCALING:SCALE_OUT_START|=normal|Scale-out started|弹性扩张开始
AUTOSCALING:SCALE_OUT_SUCCESS|=normal|Scale-out succeeded|弹性扩张成功
#StatusNotification|W
AUTOSCALING:SCALE_IN_WARN|=Warn|Scale-in partly succeeded|弹性收缩部分成功
AUTOSCALING:SCALE_OUT_WARN|=Warn|Scale-out partly succeeded|弹性扩张部分成功
AUTOSCALING:SCALE_REJECT|=warn|Scaling activity rejected|伸缩活动被拒绝
#Maintenance|W
AUTOSCALING:SCALING_GROUP_AVAILABILITY_CHECK|=normal|Scaling group availability check|伸缩组可用性检查
AUTOSCALING:SCHEDULE_TASK_EXPIRING|=warn|Scheduled scaling task is about to expire|定时伸缩任务即将过期
@iot
#Exception|W
RuleEngineProcessFail|=failed|Rule engine failed to forward data|规则引擎流转数据失败
@mongodb
#Exception|C
Instance_Failure_End|=Executed|Instance failure ended|实例故障结束
Instance_Failure_Start|=Executing|Instance failure started|实例故障开始
@oss
#Exception|I
BucketEgressBandwidth|=normal|Bucket outbound bandwidth above the report line|Bucket 下行带宽超过通报值
BucketIngressBandwidth|=normal|Bucket inbound bandwidth above the report line|Bucket 上行带宽超过通报值
UserEgressBandwidth|=normal|Account outbound bandwidth above the report line|用户下行带宽超过通报值
UserIngressBandwidth|=normal|Account inbound bandwidth above the report line|用户上行带宽超过通报值
#Exception|W
BucketEgressBandwidthThresholdExceeded|=normal|Bucket outbound bandwidth exceeds the flow control threshold|Bucket 下行带宽超过流控阈值
BucketIngressBandwidthThresholdExceeded|=normal|Bucket inbound bandwidth exceeds the flow control threshold|Bucket 上行带宽超过流控阈值
UserEgressBandwidthThresholdExceeded|=normal|Account outbound bandwidth exceeds the flow control threshold|用户下行带宽超过流控阈值
UserIngressBandwidthThresholdExceeded|=normal|Account inbound bandwidth exceeds the flow control threshold|用户上行带宽超过流控阈值
@rds,redis,polardb
#Maintenance|W
Instance_Failover|=Executed|Instance switched over to its standby|实例发生主备切换
Instance:SystemMaintenance.Transfer|Scheduled,Executing,Executed,Canceled
Instance:SystemMaintenance.MinorVersionUpgrade|Scheduled,Executing,Executed,Canceled
#Exception|C
Instance_Failure_End|=Executed|Instance failure ended|实例故障结束
Instance_Failure_Start|=Executing|Instance failure started|实例故障开始
SyncStatusAbnormal|=Abnormal|Replication to the standby is broken|实例同步状态异常
@slb
#StatusNotification|W
CertKeyExpired_1|=Normal|Certificate expires in 1 day|证书将在 1 天后过期
CertKeyExpired_3|=Normal|Certificate expires in 3 days|证书将在 3 天后过期
CertKeyExpired_7|=Normal|Certificate expires in 7 days|证书将在 7 天后过期
CertKeyExpired_15|=Normal|Certificate expires in 15 days|证书将在 15 天后过期
CertKeyExpired_30|=Normal|Certificate expires in 30 days|证书将在 30 天后过期
CertKeyExpired_60|=Normal|Certificate expires in 60 days|证书将在 60 天后过期
@sag
#Maintenance|I
AccessGatewayFailover|=agwfailover|Access point of the gateway switched|网关接入点切换
#Exception|C
ConnectionDisconnect|=disconnect|Gateway lost its connection|网关连接断开
DeviceHacked|=hacked|Gateway device under attack|网关设备被攻击
DeviceLinkDown|=linkdown|Device link is down|设备链路断开
DeviceWanLinkDown|=WanLinkDown|WAN link of the device is down|设备 WAN 链路断开
#Exception|I
DeviceWanLinkUp|=WanLinkUp|WAN link of the device is up again|设备 WAN 链路恢复
#StatusNotification|C
DeviceOffline|=offline|Device went offline|设备离线
#StatusNotification|I
DeviceOnline|=online|Device came online|设备上线
#Maintenance|C
DeviceSwitched|=switched|Active and standby devices switched|主备设备切换
DeviceWanLinkSwitched|=WanLinkSwitched|WAN link of the device switched|设备 WAN 链路切换
@waf
#Attack event|C
waf_event_aclattack|=acl|Attack matched an access control rule|访问控制规则命中攻击
waf_event_ccattack|=cc|HTTP flood (CC) attack|CC 攻击
waf_event_webattack|=web|Web intrusion attempt|Web 入侵攻击
waf_event_webscan|=webscan|Web vulnerability scan|Web 扫描攻击
@ddosdip
#Blackhole filtering|C
ddosdip_event_blackhole_add|=blackhole_begin|Black hole filtering started|黑洞封禁开始
ddosdip_event_blackhole_end|=blackhole_end|Black hole filtering ended|黑洞封禁结束
#Traffic scrubbing|C
ddosdip_event_defense_add|=defense_begin|Traffic scrubbing started|流量清洗开始
ddosdip_event_defense_end|=defense_end|Traffic scrubbing ended|流量清洗结束
#DDoS attack|C
ddosbgp_event_blackhole|=blackhole|DDoS attack: black hole filtering|DDoS 攻击：黑洞封禁
ddosbgp_event_clean|=defense|DDoS attack: traffic scrubbing|DDoS 攻击：流量清洗
@config
#Notification|I
ConfigurationItemChangeNotification|=Normal|Resource configuration changed|资源配置变更
@cloudfw
#Bandwidth|W
InternetBandwidthThresholdExceeded|=Exceeded|Internet traffic exceeds the purchased bandwidth|公网流量超过已购带宽
#SecurityIncident|W
SecurityIncidentWarningsNotify|=Ongoing|Security incident detected by Cloud Firewall|云防火墙检测到安全事件
@ddoscoo
#Black hole|C
ddoscoo_event_blackhole_add|=blackhole_begin|Black hole filtering started|黑洞封禁开始
ddoscoo_event_blackhole_end|=blackhole_end|Black hole filtering ended|黑洞封禁结束
#Scrubbing|C
ddoscoo_event_defense_add|=defense_begin|Traffic scrubbing started|流量清洗开始
ddoscoo_event_defense_end|=defense_end|Traffic scrubbing ended|流量清洗结束
@scdn
#Attack|C
CcAttack|=N/A|HTTP flood (CC) attack|CC 攻击
DdosAttack|=N/A|DDoS attack|DDoS 攻击
@ens
#Exception|C
Disk:Stalled|Executed,Executing|Disk I/O performance severely degraded|磁盘 I/O 性能受到严重影响
EnsRegion:NetworkDown|Executed,Executing|Edge node network is down|边缘节点断网
EnsRegion:PortError|Executed,Executing|Edge node switch port error|边缘节点交换机端口异常
Instance:SystemFailure.Reboot|Executed,Executing
#Notice|C
EnsInstance:Create|=Executed|Edge instance created|边缘实例已创建
EnsInstance:Delete|=Executed|Edge instance released|边缘实例已释放
#Maintenance|I
EnsRegion:NetworkMigration|Canceled,Executed,Executing=C,Scheduled=W|Edge node network cutover|边缘节点网络割接
#Executing|W
EnsRegion:NetworkWaterLevel|Executed,Executing|Edge node bandwidth usage too high|边缘节点带宽水位过高
@vpngw
#Exception|C
CertKeyExpired|=Expire|VPN gateway certificate expires|VPN 网关证书到期
#StatusNotification|W
ipsec_health_check_failed|=0|IPsec connection health check failed|IPsec 连接健康检查失败
ipsec_phase1_nego_failed|=0|IPsec phase 1 negotiation failed|IPsec 第一阶段协商失败
ipsec_phase2_nego_failed|=0|IPsec phase 2 negotiation failed|IPsec 第二阶段协商失败
#StatusNotification|I
ipsec_health_check_success|=1|IPsec connection health check passed|IPsec 连接健康检查成功
ipsec_phase1_nego_success|=1|IPsec phase 1 negotiation succeeded|IPsec 第一阶段协商成功
ipsec_phase2_nego_success|=1|IPsec phase 2 negotiation succeeded|IPsec 第二阶段协商成功
@pvtz
#Status Notification|W
VPC_DNS_QPS_Limit|=Warn|DNS queries of the VPC reach the rate limit|VPC 内 DNS 请求达到限速值
@cen
#60% QuotaExceeded|W
SixtyPercentQuotaExceeded:Route|=SixtyPercentQuotaExceeded|Route entries above 60% of the quota|路由条目超过配额的 60%
#80% QuotaExceeded|W
EightyPercentQuotaExceeded:Route|=EightyPercentQuotaExceeded|Route entries above 80% of the quota|路由条目超过配额的 80%
#90% QuotaExceeded|W
NinetyPercentQuotaExceeded:Route|=NinetyPercentQuotaExceeded|Route entries above 90% of the quota|路由条目超过配额的 90%
#95% QuotaExceeded|W
NinetyFivePercentQuotaExceeded:Route|=NinetyFivePercentQuotaExceeded|Route entries above 95% of the quota|路由条目超过配额的 95%
#98% QuotaExceeded|W
NinetyEightPercentQuotaExceeded:Route|=NinetyEightPercentQuotaExceeded|Route entries above 98% of the quota|路由条目超过配额的 98%
#100% QuotaExceeded|C
QuotaExceeded:Route|=QuotaExceeded|Route entries exceed the quota|路由条目超过配额
#TenRoutesRemained|W
TenRoutesRemained:Route|=TenRoutesRemained|Only ten route entries left in the quota|路由条目配额仅剩 10 条
@privatelink
#Accept|I
Endpoint:Connection:Accept|=Executed|Endpoint connection accepted|终端节点连接已接受
Endpoint:Connection:Zone:Accept|=Executed|Endpoint connection accepted in a zone|终端节点可用区连接已接受
Service:Connection:Manual_Accept|=Executed|Endpoint service accepted a connection manually|终端节点服务手动接受连接
Service:Connection:Zone:Accept|=Executed|Endpoint service accepted a connection in a zone|终端节点服务接受可用区连接
#Accept|C
Service:Connection:Auto_Accept|=Executed|Endpoint service accepted a connection automatically|终端节点服务自动接受连接
#Reject|I
Endpoint:Connection:Reject|=Executed|Endpoint connection rejected|终端节点连接被拒绝
Service:Connection:Reject|=Executed|Endpoint service rejected a connection|终端节点服务拒绝连接
#Delete|I
Endpoint:Connection:Zone:Delete|=Executed|Endpoint connection removed from a zone|终端节点可用区连接已删除
Service:Connection:Delete|=Executed|Endpoint service removed a connection|终端节点服务删除连接
Service:Connection:Zone:Delete|=Executed|Endpoint service removed a connection from a zone|终端节点服务删除可用区连接
@ros
#Status Notification|I
Stack:StatusChange|=Normal|Stack status changed|资源栈状态变更
StackGroup:OperationStatusChange|=Normal|Stack group operation status changed|资源栈组操作状态变更
StackResource:StatusChange|=Normal|Stack resource status changed|资源栈内资源状态变更
@oos
#StatusNotification|I
Execution:StatusChange|=Normal|Execution status changed|执行状态变更
TaskExecution:StatusChange|=Normal|Task execution status changed|任务执行状态变更
@dts
#Exception|C
migration_job_abnormal|=Failed|Data migration task failed|数据迁移任务异常
subscribe_job_abnormal|=Failed|Change tracking task failed|数据订阅任务异常
sync_job_abnormal|=Failed|Data synchronization task failed|数据同步任务异常
#Restore|I
migration_job_restore|=Restore|Data migration task recovered|数据迁移任务恢复
subscribe_job_restore|=Restore|Change tracking task recovered|数据订阅任务恢复
sync_job_restore|=Restore|Data synchronization task recovered|数据同步任务恢复
@gpdb
#Exception|C
ComputeGroupCpuHigh|=Failed|Compute node CPU usage too high|计算节点 CPU 使用率过高
ComputeGroupMemoryHigh|=Failed|Compute node memory usage too high|计算节点内存使用率过高
HighCoumputeGroupDiskUsed|=Failed|Compute node disk usage too high|计算节点磁盘使用率过高
InstanceDown|=Failed|Instance is down|实例宕机
LongTransaction|=Failed|Transaction runs too long|存在长事务
MasterCpuHigh|=Failed|Coordinator node CPU usage too high|协调节点 CPU 使用率过高
MasterMemoryHigh|=Failed|Coordinator node memory usage too high|协调节点内存使用率过高
NonSuperConnection|=Failed|Too many ordinary connections|普通用户连接数过多
`;
