/** E-MapReduce, by far the longest part of CloudMonitor's list; the form is that of `CATALOGUE_DATA`. */
export const EMR_DATA = `@emr
#StatusNotification|W
StatusCheck|=failed|Cluster service check failed|集群服务状态检查失败
#Flow|I
EMR-110401002|=Normal|Workflow completed|工作流已完成
EMR-110401003|=Normal|Workflow submitted|工作流已提交
EMR-110401004|=Normal|Job submitted|作业已提交
EMR-110401005|=Normal|Workflow node started|工作流节点已启动
EMR-110401006|=Normal|Workflow node status checked|工作流节点状态已检查
EMR-110401007|=Normal|Workflow node completed|工作流节点已完成
EMR-110401008|=Normal|Workflow node stopped|工作流节点已停止
EMR-110401009|=Normal|Workflow node canceled|工作流节点已取消
EMR-110401010|=Normal|Workflow canceled|工作流已取消
EMR-110401011|=Normal|Workflow restarted|工作流已重启
EMR-110401012|=Normal|Workflow resumed|工作流已恢复
EMR-110401013|=Normal|Workflow paused|工作流已暂停
EMR-110401014|=Normal|Workflow stopped|工作流已停止
EMR-110401015|=Normal|Workflow node failed|工作流节点失败
EMR-110401016|=Normal|Job failed|作业失败
EMR-210401001|=Normal|Workflow failed|工作流失败
EMR-210401003|=Normal|Workflow node startup timed out|工作流节点启动超时
EMR-210401004|=Normal|Job startup timed out|作业启动超时
#Maintenance|C
Agent:Maintenance.EcmAgentTimeout|=Critical|Cluster agent timed out|集群 Agent 超时
Maintenance:HBASE.HMaster.IpcPortUnAvailable|=Critical|~ IPC port unavailable|~ IPC 端口不可用
Maintenance:HBASE.HRegionServer.IpcPortUnAvailable|=Critical|~ IPC port unavailable|~ IPC 端口不可用
Maintenance:HBASE.ThriftServer.ServicePortUnAvailable|=Critical|~ service port unavailable|~ 服务端口不可用
Maintenance:HDFS.DataNode.DataTransferPortUnAvailable|=Critical|~ data transfer port unavailable|~ 数据传输端口不可用
Maintenance:HDFS.DataNode.ExitUnexpected|=Critical|~ exited unexpectedly|~ 异常退出
Maintenance:HDFS.DataNode.FailueVolumes|=Critical|~ has failed volumes|~ 出现坏盘
Maintenance:HDFS.DataNode.IpcPortUnAvailable|=Critical|~ IPC port unavailable|~ IPC 端口不可用
Maintenance:HDFS.DataNode.OOM.UnableToCreateNewNativeThread|=Critical|HDFS DataNode out of memory: cannot create a native thread|HDFS DataNode 内存溢出：无法创建本地线程
Maintenance:HDFS.JournalNode.RpcPortUnAvailable|=Critical|~ RPC port unavailable|~ RPC 端口不可用
Maintenance:HDFS.NameNode.ActiveStandbySwitch|=Critical|~ switched between active and standby|~ 发生主备切换
Maintenance:HDFS.NameNode.BlockCapacityNearUsedUp|=Critical|~ block capacity nearly used up|~ 块容量即将用尽
Maintenance:HDFS.NameNode.InSafeMode|=Critical|~ is in safe mode|~ 进入安全模式
Maintenance:HDFS.NameNode.IpcPortUnAvailable|=Critical|~ IPC port unavailable|~ IPC 端口不可用
Maintenance:HDFS.NameNode.LoadFsImageException|=Critical|~ cannot load FsImage|~ 加载 FsImage 异常
Maintenance:HDFS.NameNode.LowAvailableDiskSpaceAndInSafeMode|=Critical|~ is low on disk space and in safe mode|~ 磁盘空间不足并进入安全模式
Maintenance:HDFS.NameNode.MissingBlock|=Critical|~ has missing blocks|~ 有数据块丢失
Maintenance:HDFS.NameNode.OOM|=Critical|~ out of memory|~ 内存溢出
Maintenance:HDFS.NameNode.ResourceLow|=Critical|~ is low on resources|~ 资源不足
Maintenance:HDFS.NameNode.SyncJournalFailed|=Critical|~ failed to sync its journal|~ 同步日志失败
Maintenance:HDFS.ZKFC.ActiveStandbySwitchOccured|=Critical|~ switched between active and standby|~ 触发主备切换
Maintenance:HDFS.ZKFC.TransportLevelExceptionInMonitorHealth|=Critical|~ transport error during health monitoring|~ 健康监测时传输层异常
Maintenance:HDFS.ZKFC.UnableToConnectToQuorum|=Critical|~ cannot connect to the quorum|~ 无法连接仲裁节点
Maintenance:HDFS.ZKFC.UnableToStartZKFC|=Critical|~ cannot start|~ 无法启动
Maintenance:HIVE.HiveMetaStore.DataBaseCommunicationLinkFailure|=Critical|~ lost the link to its database|~ 数据库通信链路故障
Maintenance:HIVE.HiveMetaStore.DataBaseConnectionFailed|=Critical|~ cannot connect to its database|~ 数据库连接失败
Maintenance:HIVE.HiveMetaStore.DataBaseDiskQuotaUsedup|=Critical|~ used up its database disk quota|~ 数据库磁盘配额用尽
Maintenance:HIVE.HiveMetaStore.JdbcCommunicationException|=Critical|~ JDBC communication error|~ JDBC 通信异常
Maintenance:HIVE.HiveMetaStore.MaxQuestionsExceeded|=Critical|~ exceeds the query limit of its database|~ 超过数据库查询次数上限
Maintenance:HIVE.HiveMetaStore.MaxUpdatesExceeded|=Critical|~ exceeds the update limit of its database|~ 超过数据库更新次数上限
Maintenance:HIVE.HiveMetaStore.MaxUserConnectionExceeded|=Critical|~ exceeds the user connection limit|~ 超过用户连接数上限
Maintenance:HIVE.HiveMetaStore.OomOccured|=Critical|~ out of memory|~ 内存溢出
Maintenance:HIVE.HiveMetaStore.ParseConfError|=Critical|~ cannot parse its configuration|~ 解析配置出错
Maintenance:HIVE.HiveMetaStore.PortUnAvailable|=Critical|~ port unavailable|~ 端口不可用
Maintenance:HIVE.HiveMetaStore.RequiredTableMissing|=Critical|~ misses a required table|~ 缺少必需的表
Maintenance:HIVE.HiveMetaStore.hiveServer2PortUnAvailable|=Critical|HiveServer2 port unavailable|HiveServer2 端口不可用
Maintenance:HIVE.HiveServer2.CannotConnectByAnyURIsProvided|=Critical|~ cannot connect by any of the given URIs|~ 无法通过任何给定的 URI 连接
Maintenance:HIVE.HiveServer2.ConnectToZkTimeout|=Critical|~ timed out connecting to ZooKeeper|~ 连接 ZooKeeper 超时
Maintenance:HIVE.HiveServer2.ErrorParseConf|=Critical|~ cannot parse its configuration|~ 解析配置出错
Maintenance:HIVE.HiveServer2.ErrorStartingHiveServer|=Critical|~ failed to start|~ 启动失败
Maintenance:HIVE.HiveServer2.FailedInitMetaStoreClient|=Critical|~ cannot initialize the metastore client|~ 初始化 MetaStore 客户端失败
Maintenance:HIVE.HiveServer2.FailedToConnectToMetaStoreServer|=Critical|~ cannot connect to the metastore|~ 连接 MetaStore 失败
Maintenance:HIVE.HiveServer2.HiveServer2OOM|=Critical|~ out of memory|~ 内存溢出
Maintenance:HOST.HighMemoryUsage|=Critical|High memory usage of a cluster host|集群主机内存使用率过高
Maintenance:HOST.LowDiskForMntDisk|=Critical|Low space on a data disk of a cluster host|集群主机数据盘空间不足
Maintenance:HOST.LowRootfsDisk|=Critical|Low space on the system disk of a cluster host|集群主机系统盘空间不足
Maintenance:HOST.OomFoundInVarLogMessage|=Critical|Out-of-memory record in the system log of a cluster host|集群主机系统日志中发现内存溢出
Maintenance:HUE.OozieAdminPortUnAvailable|=Critical|Oozie admin port of Hue unavailable|Hue 的 Oozie 管理端口不可用
Maintenance:HUE.PortUnAvailable|=Critical|Hue port unavailable|Hue 端口不可用
Maintenance:SPARK.SparkHistory.OomOccured|=Critical|~ out of memory|~ 内存溢出
Maintenance:STORM.Nimbus.ThriftPortUnAvailable|=Critical|~ Thrift port unavailable|~ Thrift 端口不可用
Maintenance:YARN.JobHistory.ExitUnExpectedly|=Critical|~ exited unexpectedly|~ 异常退出
Maintenance:YARN.JobHistory.StartingError|=Critical|~ failed to start|~ 启动失败
Maintenance:YARN.NodeManager.DeadNodeDetected|=Critical|~ dead node detected|~ 检测到失联节点
Maintenance:YARN.NodeManager.OOM|=Critical|~ out of memory|~ 内存溢出
Maintenance:YARN.NodeManager.StartingError|=Critical|~ failed to start|~ 启动失败
Maintenance:YARN.NodeManager.UnHealthyForDiskFailed|=Critical|~ unhealthy because of a failed disk|~ 因磁盘故障不健康
Maintenance:YARN.NodeManager.UnHealthyNodesExist|=Critical|~ has unhealthy nodes|~ 存在不健康节点
Maintenance:YARN.ResourceManager.ActiveStandbySwitch|=Critical|~ switched between active and standby|~ 发生主备切换
Maintenance:YARN.ResourceManager.ErrorInStarting|=Critical|~ failed to start|~ 启动失败
Maintenance:YARN.ResourceManager.ErrorInTransitionToActiveMode|=Critical|~ failed to become active|~ 切换为主节点失败
Maintenance:YARN.ResourceManager.ExitUnexpected|=Critical|~ exited unexpectedly|~ 异常退出
Maintenance:YARN.ResourceManager.OOM|=Critical|~ out of memory|~ 内存溢出
Maintenance:YARN.ResourceManager.PortUnAvailable|=Critical|~ port unavailable|~ 端口不可用
Maintenance:YARN.ResourceManager.UnkownHostException|=Critical|~ cannot resolve a host name|~ 无法解析主机名
Maintenance:YARN.ResourceManager.ZKRMStateStoreCannotConnectZK|=Critical|~ state store cannot connect to ZooKeeper|~ 状态存储无法连接 ZooKeeper
Maintenance:YARN.TimelineServer.ErrorInStarting|=Critical|~ failed to start|~ 启动失败
Maintenance:YARN.TimelineServer.ExistUnexpectedly|=Critical|~ exited unexpectedly|~ 异常退出
Maintenance:ZOOKEEPER.ClientPortUnAvailable|=Critical|ZooKeeper client port unavailable|ZooKeeper 客户端端口不可用
Maintenance:ZOOKEEPER.LeaderPortUnAvailable|=Critical|ZooKeeper leader port unavailable|ZooKeeper Leader 端口不可用
Maintenance:ZOOKEEPER.UnableToRunQuorumServer|=Critical|ZooKeeper cannot run the quorum server|ZooKeeper 无法运行仲裁服务
#Exception|C
Agent:EcmAgentHeartbeatExpired|=Critical|Cluster agent heartbeat expired|集群 Agent 心跳过期
#Scaling|C
Scaling:ScalingActivity:Failed|=Normal|Cluster scaling failed|集群弹性伸缩失败
Scaling:ScalingActivity:Timeout|=Normal|Cluster scaling timed out|集群弹性伸缩超时
Scaling:ScalingActivity:Rejected|=Normal|Cluster scaling rejected|集群弹性伸缩被拒绝
`;

/**
 * Names that no list of CloudMonitor has: the Security Center items (the event types of its CloudMonitor push), block storage
 * and object events of EventBridge, secrets of KMS. Levels of Security Center vary with the finding, `-` means none is fixed.
 */
export const OTHER_DATA = `@sas
#Incident|-
Incident||Security incident|安全事件
#Suspicious|-
Suspicious||Security alert|安全告警
异常登录||Unusual logon|异常登录
暴力破解||Brute-force attack|暴力破解
网站后门||Webshell detected|网站后门
网页防篡改||Web tamper proofing|网页防篡改
恶意进程||Malicious process|恶意进程
恶意进程（云查杀）||Malicious process (cloud scan)|恶意进程（云查杀）
恶意脚本||Malicious script|恶意脚本
进程异常行为||Suspicious process behavior|进程异常行为
敏感文件篡改||Sensitive file tampered with|敏感文件篡改
异常网络连接||Unusual network connection|异常网络连接
异常账号||Suspicious account|异常账号
持久化后门||Persistent backdoor|持久化后门
应用入侵事件||Application intrusion|应用入侵事件
云产品威胁检测||Threat to a cloud service|云产品威胁检测
精准防御||Precise defense|精准防御
#System-Baseline-cnt|-
System-Baseline-cnt||Baseline risk overview|基线风险概览
#Cspm-cnt|-
Cspm-cnt||Cloud configuration risk (CSPM) overview|云平台配置风险概览
#Agentless|-
Agentless||Agentless detection finding|无代理检测结果
#mfd SDK|-
mfd SDK||Malicious file detected|检测到恶意文件
#Vulnerability-cnt|-
Vulnerability-cnt||Vulnerability overview|漏洞概览
#Vulnerability|-
Vulnerability||Vulnerability detected|检测到漏洞
#Rasp|-
Rasp||Application protection (RASP) alert|应用防护告警
#AccessKeyLeak|-
AccessKeyLeak||AccessKey leak detected|检测到 AccessKey 泄露
#Baseline|-
Baseline||Baseline risk|基线风险
#Cspm|-
Cspm||Cloud configuration risk|云平台配置风险
@ebs
#Disk|I
Disk:DiskBPSExceedDiskMaxLimit||Disk throughput reached the limit of the disk|云盘吞吐量达到云盘上限
Disk:DiskIOPSExceedDiskMaxLimit||Disk IOPS reached the limit of the disk|云盘 IOPS 达到云盘上限
Disk:InstanceBPSExceedInstanceMaxLimit||Disk throughput reached the limit of the instance|云盘吞吐量达到实例上限
Disk:InstanceIOPSExceedInstanceMaxLimit||Disk IOPS reached the limit of the instance|云盘 IOPS 达到实例上限
Disk:DiskIOHang||Disk I/O hangs|云盘 I/O 夯住
Disk:DiskSlowIOTriggerred||Slow I/O on the disk|云盘出现慢 I/O
Disk:DiskIONo4kAligned||Disk I/O is not 4K-aligned|云盘 I/O 未按 4K 对齐
Disk:NoSnapshot||Disk has no snapshot|云盘没有快照
@oss
#ObjectCreated|I
ObjectCreated:PutObject||Object uploaded (PutObject)|对象已上传（PutObject）
ObjectCreated:PostObject||Object uploaded (PostObject)|对象已上传（PostObject）
ObjectCreated:CopyObject||Object copied|对象已复制
ObjectCreated:AppendObject||Object appended|对象已追加
ObjectCreated:CompleteMultipartUpload||Object uploaded (multipart)|对象已上传（分片）
#ObjectDownloaded|I
ObjectDownloaded:GetObject||Object downloaded|对象已下载
#ObjectRemoved|I
ObjectRemoved:DeleteObject||Object deleted|对象已删除
ObjectRemoved:DeleteObjects||Objects deleted|对象已批量删除
@cdn
#CachedObjects|I
CachedObjectsRefreshed||Cached objects refreshed|缓存刷新完成
CachedObjectsPushed||Objects prefetched into the cache|缓存预热完成
CachedObjectsBlocked||Cached objects blocked|缓存封禁完成
#CdnDomain|I
CdnDomainAdded||CDN domain added|加速域名已添加
CdnDomainStarted||CDN domain enabled|加速域名已启用
CdnDomainStopped||CDN domain disabled|加速域名已停用
CdnDomainDeleted||CDN domain deleted|加速域名已删除
@kms
#StatusNotification|I
Secret:RotateSecret:Success|=Normal|Secret rotation succeeded|凭据轮转成功
#Exception|C
Secret:RotateSecret:Failure|=Failed|Secret rotation failed|凭据轮转失败
@config
#ResourceCompliance|-
NonCompliant||Resource is not compliant|资源不合规
Compliant||Resource is compliant again|资源恢复合规
#SnapshotDelivery|I
SnapshotDeliverySuccess||Configuration snapshot delivered|资源配置快照投递成功
SnapshotDeliveryFailed||Configuration snapshot delivery failed|资源配置快照投递失败
@aliyuncvc
#MeetingEvent|I
MeetingEvent:MemberOperate||Meeting member operation|会议成员操作
@unknown
#unknown|I
unknown||Unrecognized event|未识别的事件
`;
