import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHANNEL_NAMES } from '../../shared/channels/registry.ts';
import { DEPLOYMENT_FILE, findingLine, TEMPLATE_FILE } from '../../shared/deployment/finding.ts';
import { readSelection, selectFrom } from '../../shared/deployment/selection.ts';
import { readSources, type Sources, verifyDeployment } from '../../shared/deployment/verify-deployment.ts';
import { type DeploymentObjects, findingsAfter } from '../support/deployment-folder.ts';
import { ROOT } from '../support/source-files.ts';

type Mistake = [what: string, change: (objects: DeploymentObjects) => void, where: string, words: RegExp];

/** A variable of the deployment tool, or of a template. */
const of = (name: string): string => `$\{${name}}`;

const inFile: Mistake[] = [
  [
    'a cron expression with five fields',
    ({ file }) => {
      file.resources.sweep.props.triggers[0].triggerConfig.cronExpression = 'CRON_TZ=Asia/Shanghai */5 * * * *';
    },
    'resources.sweep.props.triggers.0.triggerConfig.cronExpression',
    /six are needed/,
  ],
  [
    'a cron expression without a time zone',
    ({ file }) => {
      file.resources.overview.props.triggers[0].triggerConfig.cronExpression = '0 */5 * * * *';
    },
    'resources.overview.props.triggers.0.triggerConfig.cronExpression',
    /time zone/,
  ],
  [
    'a queue that does not exist',
    ({ file }) => {
      file.resources.match.props.triggers[0].triggerConfig.eventSourceConfig.eventSourceParameters.sourceMNSParameters.QueueName =
        'fenghuo-dev-event';
    },
    `resources.match.props.triggers.0.triggerConfig.eventSourceConfig.eventSourceParameters.sourceMNSParameters.QueueName`,
    /no queue fenghuo-dev-event.*fenghuo-dev-events/,
  ],
  [
    'a misspelt field of a trigger',
    ({ file }) => {
      const config = file.resources.sweep.props.triggers[0].triggerConfig;
      config.cronExpresion = config.cronExpression;
    },
    'resources.sweep.props.triggers.0.triggerConfig.cronExpresion',
    /did you mean "cronExpression"/,
  ],
  [
    'a type of trigger that does not exist',
    ({ file }) => {
      file.resources.sweep.props.triggers[0].triggerType = 'timers';
    },
    'resources.sweep.props.triggers.0.triggerType',
    /did you mean "timer"/,
  ],
  [
    'a secret in the file',
    ({ file }) => {
      file.resources.ingest.props.environmentVariables.FENGHUO_TOKEN = 'open-sesame-1234';
    },
    'resources.ingest.props.environmentVariables.FENGHUO_TOKEN',
    /secret/,
  ],
  [
    'a secret as a default',
    ({ file }) => {
      file.resources.match.props.environmentVariables.FENGHUO_SECRET_KEY = of("env('FENGHUO_SECRET_KEY', 'abc')");
    },
    'resources.match.props.environmentVariables.FENGHUO_SECRET_KEY',
    /default/,
  ],
  [
    'an access key anywhere',
    ({ file }) => {
      file.resources.match.props.description = `for ${['LTAI', '5tExampleExample1234'].join('')}`;
    },
    'resources.match.props.description',
    /access key/,
  ],
  [
    'a variable that is missing',
    ({ file }) => {
      delete file.template.function.environmentVariables.FENGHUO_SMQ_ENDPOINT;
    },
    'resources.fanout.props.environmentVariables.FENGHUO_SMQ_ENDPOINT',
    /missing/,
  ],
  [
    'a variable that the code never uses',
    ({ file }) => {
      file.resources.ingest.props.environmentVariables.FENGHUO_SECRET_KEY = of("env('FENGHUO_SECRET_KEY')");
    },
    'resources.ingest.props.environmentVariables.FENGHUO_SECRET_KEY',
    /never uses/,
  ],
  [
    'a misspelt variable',
    ({ file }) => {
      file.template.function.environmentVariables.FENGHUO_LOGS = 'info';
    },
    'resources.sweep.props.environmentVariables.FENGHUO_LOGS',
    /did you mean "FENGHUO_LOG"/,
  ],
  [
    'a region that does not exist',
    ({ file }) => {
      file.vars.region = 'cn-hangzou';
    },
    'resources.match.props.region',
    /cn-hangzhou/,
  ],
  [
    'a runtime that is not built in',
    ({ file }) => {
      file.template.function.runtime = 'nodejs22';
    },
    'resources.match.props.runtime',
    /nodejs20/,
  ],
  [
    'a number in the environment',
    ({ file }) => {
      file.template.function.environmentVariables.FENGHUO_LOG = 1;
    },
    'resources.console.props.environmentVariables.FENGHUO_LOG',
    /in quotes/,
  ],
  [
    'a name that is too long',
    ({ file }) => {
      file.resources.match.props.functionName = `fenghuo-dev-${'m'.repeat(60)}`;
    },
    'resources.match.props.functionName',
    /at most 64/,
  ],
  [
    'a name under which nobody finds it',
    ({ file }) => {
      file.resources['deliver-sms'].props.functionName = 'fenghuo-deliver-sms';
    },
    'resources.deliver-sms.props.functionName',
    /prefix of the stage/,
  ],
  [
    'a trigger without dead letters',
    ({ file }) => {
      delete file.resources['deliver-email'].props.triggers[0].triggerConfig.runOptions.deadLetterQueue;
    },
    'resources.deliver-email.props.triggers.0.triggerConfig.runOptions.deadLetterQueue',
    /is missing/,
  ],
  [
    'a queue with two consumers',
    ({ file }) => {
      const [trigger] = file.resources.match.props.triggers;
      file.resources.sweep.props.triggers.push({ ...trigger, triggerName: 'second' });
    },
    `resources.sweep.props.triggers.1.triggerConfig.eventSourceConfig.eventSourceParameters.sourceMNSParameters.QueueName`,
    /two consumers/,
  ],
  [
    'a consumer that does not understand the messages',
    ({ file }) => {
      const nameIn = (resource: string) =>
        file.resources[resource].props.triggers[0].triggerConfig.eventSourceConfig.eventSourceParameters
          .sourceMNSParameters;
      nameIn('deliver-sms').QueueName = `${of('vars.prefix')}-deliver-voice`;
      nameIn('deliver-voice').QueueName = `${of('vars.prefix')}-deliver-sms`;
    },
    `resources.deliver-sms.props.triggers.0.triggerConfig.eventSourceConfig.eventSourceParameters.sourceMNSParameters.QueueName`,
    /does not understand/,
  ],
  [
    'a misspelt retry strategy',
    ({ file }) => {
      file.resources.match.props.triggers[0].triggerConfig.runOptions.retryStrategy.PushRetryStrategy =
        'EXPONENTIAL_RETRY';
    },
    'resources.match.props.triggers.0.triggerConfig.runOptions.retryStrategy.PushRetryStrategy',
    /EXPONENTIAL_DECAY_RETRY/,
  ],
  [
    'a queue that one bad message stops',
    ({ file }) => {
      file.resources.fanout.props.triggers[0].triggerConfig.runOptions.errorsTolerance = 'NONE';
    },
    'resources.fanout.props.triggers.0.triggerConfig.runOptions.errorsTolerance',
    /Write ALL/,
  ],
  [
    'bodies that are not decoded',
    ({ file }) => {
      file.resources.match.props.triggers[0].triggerConfig.eventSourceConfig.eventSourceParameters.sourceMNSParameters.IsBase64Decode = false;
    },
    `resources.match.props.triggers.0.triggerConfig.eventSourceConfig.eventSourceParameters.sourceMNSParameters.IsBase64Decode`,
    /true/,
  ],
  [
    'a trigger behind one that fc3 may stop at',
    ({ file }) => {
      file.resources['notify-message'].props.triggers.reverse();
    },
    'resources.notify-message.props.triggers.1',
    /last/,
  ],
  [
    'a timeout that EventBridge does not wait for',
    ({ file }) => {
      file.resources.match.props.timeout = 600;
    },
    'resources.match.props.timeout',
    /300/,
  ],
  [
    'less memory than the processor may have',
    ({ file }) => {
      file.resources.match.props.cpu = 1;
    },
    'resources.match.props.memorySize',
    /1 to 4/,
  ],
  [
    'the bundle of another function',
    ({ file }) => {
      file.resources['deliver-lark'].props.code = './dist/functions/deliver-slack';
    },
    'resources.deliver-lark.props.code',
    /deliver-lark/,
  ],
  [
    'the role of another function',
    ({ file }) => {
      file.resources.ingest.props.role = of('resources.infra.output.SweepRole');
    },
    'resources.ingest.props.role',
    /another function/,
  ],
  [
    'an output that the stack does not have',
    ({ file }) => {
      file.resources.ingest.props.role = of('resources.infra.output.IngestRoles');
    },
    'resources.ingest.props.role',
    /no output IngestRoles/,
  ],
  [
    'more instances than the account has',
    ({ file }) => {
      file.resources.match.props.concurrencyConfig.reservedConcurrency = 60;
    },
    'resources',
    /100/,
  ],
  [
    'a pattern that is no JSON',
    ({ file }) => {
      file.resources.ingest.props.triggers[1].triggerConfig.eventRuleFilterPattern = '{source: acs.ecs}';
    },
    'resources.ingest.props.triggers.1.triggerConfig.eventRuleFilterPattern',
    /JSON/,
  ],
  [
    'more expressions for one field than a rule may have',
    ({ file }) => {
      const sources = ['acs.ecs', 'acs.oss', 'acs.rds', 'acs.slb', 'acs.vpc', 'acs.cdn'];
      file.resources.ingest.props.triggers[1].triggerConfig.eventRuleFilterPattern = JSON.stringify({
        source: sources,
      });
    },
    'resources.ingest.props.triggers.1.triggerConfig.eventRuleFilterPattern',
    /more than 5 expressions/,
  ],
  [
    'more rules than an account may have',
    ({ file }) => {
      const { triggers } = file.resources.ingest.props;
      for (let copy = 0; copy < 8; copy += 1) triggers.push({ ...triggers[1], triggerName: `copy-${copy}` });
    },
    'resources',
    /11 rules/,
  ],
  [
    'no infrastructure',
    ({ file }) => {
      delete file.resources.infra;
    },
    'resources.infra',
    /no queues and tables/,
  ],
  [
    'a function that is left out although nothing replaces it',
    ({ file }) => {
      delete file.resources.sweep;
    },
    'resources.sweep',
    /only those of channels/,
  ],
  [
    'a function that does not exist',
    ({ file }) => {
      file.resources['deliver-pager'] = file.resources['deliver-sms'];
    },
    'resources.deliver-pager',
    /no function deliver-pager/,
  ],
  [
    'a key of the file that nobody knows',
    ({ file }) => {
      file.resource = {};
    },
    'resource',
    /did you mean "resources"/,
  ],
  [
    'an environment above 4 KB',
    ({ file }) => {
      file.template.function.environmentVariables.FENGHUO_LOG = 'x'.repeat(4_000);
    },
    'resources.sweep.props.environmentVariables',
    /4096/,
  ],
  [
    'a variable of the environment that is not set',
    ({ file }) => {
      file.resources.ingest.props.description = of("env('FENGHUO_NOWHERE')");
    },
    '',
    /FENGHUO_NOWHERE/,
  ],
];

const inTemplate: Mistake[] = [
  [
    'a permission that is missing',
    ({ template }) => {
      template.Resources.MatchRole.Properties.PolicyAttachments.Custom.pop();
    },
    'Resources.MatchRole',
    /does not allow mns:SendMessage.*notifications/,
  ],
  [
    'a permission too much',
    ({ template }) => {
      template.Resources.IngestRole.Properties.PolicyAttachments.Custom.push({
        'Fn::GetAtt': ['TextMessagesPolicy', 'PolicyName'],
      });
    },
    'Resources.IngestRole',
    /allows dysms:SendSms.*never calls/,
  ],
  [
    'a policy that allows everything of a service',
    ({ template }) => {
      template.Resources.RowsPolicy.Properties.PolicyDocument.Statement[0].Action = ['ots:*'];
    },
    'Resources.RowsPolicy.Properties.PolicyDocument.Statement.0.Action.0',
    /star/,
  ],
  [
    'a permission that reaches the queues of other stages',
    ({ template }) => {
      template.Resources.SendEventsPolicy.Properties.PolicyDocument.Statement[0].Resource = ['*'];
    },
    'Resources.IngestRole',
    /allows mns:SendMessage on \*/,
  ],
  [
    'a role that others than Function Compute may take',
    ({ template }) => {
      template.Resources.SweepRole.Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service = [
        'ecs.aliyuncs.com',
      ];
    },
    'Resources.SweepRole.Properties.AssumeRolePolicyDocument.Statement.0.Principal.Service.0',
    /fc\.aliyuncs\.com/,
  ],
  [
    'no queue for dead letters',
    ({ template }) => {
      delete template.Resources.DeadQueue;
    },
    'Resources',
    /no queue fenghuo-dev-dead/,
  ],
  [
    'a queue that nothing consumes',
    ({ template }) => {
      const queue = JSON.parse(JSON.stringify(template.Resources.EventsQueue));
      queue.Properties.QueueName = { 'Fn::Sub': `${of('Prefix')}-deliver-fax` };
      template.Resources.FaxQueue = queue;
    },
    'Resources.FaxQueue',
    /nothing consumes/,
  ],
  [
    'a queue that nothing sends to',
    ({ template }) => {
      const queue = JSON.parse(JSON.stringify(template.Resources.EventsQueue));
      queue.Properties.QueueName = { 'Fn::Sub': `${of('Prefix')}-replays` };
      template.Resources.ReplaysQueue = queue;
    },
    'Resources.ReplaysQueue',
    /no function sends/,
  ],
  [
    'a table that is not known',
    ({ template }) => {
      template.Resources.AcksTable.Properties.TableName = { 'Fn::Sub': `${of('TablePrefix')}_ack` };
    },
    'Resources.AcksTable.Properties.TableName',
    /did you mean "acks"/,
  ],
  [
    'a table that is missing',
    ({ template }) => {
      delete template.Resources.RunsTable;
    },
    'Resources',
    /no table runs/,
  ],
  [
    'keys that the store does not write',
    ({ template }) => {
      template.Resources.LogTable.Properties.PrimaryKey[1].Type = 'INTEGER';
    },
    'Resources.LogTable.Properties.PrimaryKey',
    /pk and sk/,
  ],
  [
    'settings that vanish by their age',
    ({ template }) => {
      template.Resources.SettingsTable.Properties.TimeToLive = 34_560_000;
    },
    'Resources.SettingsTable.Properties.TimeToLive',
    /Write -1/,
  ],
  [
    'throughput that is paid for at rest',
    ({ template }) => {
      template.Resources.EventsTable.Properties.ReservedThroughput.Read = 10;
    },
    'Resources.EventsTable.Properties.ReservedThroughput.Read',
    /Write one of 0/,
  ],
  [
    'a misspelt property',
    ({ template }) => {
      template.Resources.EventsQueue.Properties.VisibilityTimeOut = 60;
    },
    'Resources.EventsQueue.Properties.VisibilityTimeOut',
    /did you mean "VisibilityTimeout"/,
  ],
  [
    'a type of resource that is not known',
    ({ template }) => {
      template.Resources.EventsQueue.Type = 'ALIYUN::SMQ::Queue';
    },
    'Resources.EventsQueue.Type',
    /ALIYUN::MNS::Queue/,
  ],
  [
    'a reference to nothing',
    ({ template }) => {
      template.Outputs.IngestRole.Value = { 'Fn::GetAtt': ['IngestionRole', 'Arn'] };
    },
    'Outputs.IngestRole',
    /no resource IngestionRole/,
  ],
  [
    'a condition that is not there',
    ({ template }) => {
      template.Resources.DeliverSmsQueue.Condition = 'HasText';
    },
    'Resources.DeliverSmsQueue',
    /no condition HasText/,
  ],
  [
    'a function of ROS that does not exist',
    ({ template }) => {
      template.Conditions.HasSms = { 'Fn::Contains': [{ Ref: 'Channels' }, 'sms'] };
    },
    'Resources.DeliverSmsQueue',
    /Fn::Contains/,
  ],
  [
    'a name that is taken by no table store',
    ({ template }) => {
      template.Resources.Instance.Properties.InstanceName = { 'Fn::Sub': `${of('Prefix')}-instance` };
    },
    'Resources.Instance.Properties.InstanceName',
    /3 to 16/,
  ],
];

describe('the verification of a deployment', () => {
  let sources: Sources;
  beforeAll(async () => {
    sources = await readSources(ROOT);
  });

  it('finds nothing in the real files', async () => {
    expect((await verifyDeployment(ROOT, sources)).map(findingLine)).toEqual([]);
  });

  it('finds nothing in another stage with the longest name', async () => {
    const variables = { FENGHUO_STAGE: 'pre12345' };
    expect((await verifyDeployment(ROOT, sources, { variables })).map(findingLine)).toEqual([]);
  });

  it.each<Record<string, string>>([
    { FENGHUO_CHANNELS: 'dingtalk,email' },
    { FENGHUO_CHANNELS: 'sms', FENGHUO_NOTIFY_QUEUE: 'off' },
    { FENGHUO_CHANNELS: 'voice,inbox,webhook', FENGHUO_NOTIFY_QUEUE: 'on', FENGHUO_STAGE: 'prod' },
  ])('finds nothing when others are left out: %j', async (variables) => {
    const findings = await findingsAfter(
      sources,
      ({ file }) => {
        const known = [...CHANNEL_NAMES];
        const selected = parse(selectFrom(JSON.stringify(file), known, readSelection(variables, known)));
        file.resources = selected.resources;
      },
      { variables },
    );
    expect(findings.map(findingLine)).toEqual([]);
  });

  it('finds a channel that was left out of one side only', async () => {
    const findings = await findingsAfter(sources, () => undefined, { variables: { FENGHUO_CHANNELS: 'dingtalk' } });
    expect(findings.map(findingLine).join('\n')).toMatch(/no queue fenghuo-dev-deliver-sms/);
  });

  it('finds a stage with a name that is too long', async () => {
    const findings = await verifyDeployment(ROOT, sources, { variables: { FENGHUO_STAGE: 'production' } });
    expect(findings.map(({ path }) => path)).toEqual(['Resources.Instance.Properties.InstanceName']);
  });

  it.each(inFile)('finds %s', async (...[, change, where, words]: Mistake) => {
    const findings = await findingsAfter(sources, change);
    const own = findings.filter(({ file, path }) => file === DEPLOYMENT_FILE && path === where);
    expect(own.map(findingLine).join('\n'), findings.map(findingLine).join('\n')).toMatch(words);
  });

  it.each(inTemplate)('finds %s', async (...[, change, where, words]: Mistake) => {
    const findings = await findingsAfter(sources, change);
    const own = findings.filter(({ file, path }) => file === TEMPLATE_FILE && path === where);
    expect(own.map(findingLine).join('\n'), findings.map(findingLine).join('\n')).toMatch(words);
  });

  it('never shows the secret that it found', async () => {
    const secret = 'open-sesame-1234';
    const findings = await findingsAfter(sources, ({ file }) => {
      file.resources.ingest.props.environmentVariables.FENGHUO_TOKEN = secret;
    });
    expect(findings.map(findingLine).join('\n')).not.toContain(secret);
  });
});
