import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHANNEL_NAMES } from '../../shared/channels/registry.ts';
import { DIST } from '../support/built.ts';
import { deploymentFolder } from '../support/deployment-folder.ts';
import { type DeploymentSink, openDeploymentSink, quietToolHome, runTool } from '../support/deployment-tool.ts';

/** Of nobody. */
const KEYS = { AccountID: '1000000000000000', AccessKeyID: 'nobody', AccessKeySecret: 'nothing' };
const SECRETS = { FENGHUO_TOKEN: 'a-token-of-this-test', FENGHUO_SECRET_KEY: 'k'.repeat(44) };
const STAGES = ['ingest', 'match', 'fanout', 'overview', 'sweep', 'notify-message', 'console'];
const DELIVERIES = [...CHANNEL_NAMES].map((channel) => `deliver-${channel}`);

describe('Serverless Devs itself, offline, with our components', () => {
  let home: string;
  let sink: DeploymentSink;
  let env: Record<string, string>;

  beforeAll(() => {
    home = quietToolHome();
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  beforeEach(async () => {
    sink = await openDeploymentSink();
    env = {
      ...KEYS,
      ...SECRETS,
      serverless_devs_config_home: home,
      FENGHUO_FAKE_CLOUD: sink.url,
      FENGHUO_FC_COMPONENT: join(DIST, 'deployment/function'),
      FENGHUO_ROS_COMPONENT: join(DIST, 'deployment/infrastructure'),
    };
  });
  afterEach(() => sink.close());

  it('verifies the real file', async () => {
    const { code, output } = await runTool(['s', 'verify'], { env });
    expect(output).toContain('passed');
    expect(code).toBe(0);
    expect(sink.deployed.size).toBe(0);
  });

  it('refuses a misspelt field of a trigger, which the schema of the vendor lets pass', async () => {
    const folder = deploymentFolder(({ file }) => {
      file.resources.sweep.props.triggers[0].triggerConfig.cronExpresion = 'CRON_TZ=UTC 0 * * * * *';
    });
    const { code, output } = await runTool(['s', 'verify'], { env, cwd: folder });
    rmSync(folder, { recursive: true, force: true });
    expect(code).not.toBe(0);
    expect(output).toContain('sweep');
  });

  it('deploys the infrastructure first, then every function with its outputs', async () => {
    const { code, output } = await runTool(['s', 'deploy', '-y', '--skip-actions'], { env });
    expect(code, output).toBe(0);
    const order = [...sink.deployed.keys()];
    expect(order.slice(0, 1 + STAGES.length)).toEqual(['infra', ...STAGES]);
    expect(order.slice(1 + STAGES.length).sort()).toEqual(DELIVERIES.sort());
    expect(sink.deployed.get('infra')).toMatchObject({
      component: 'ros',
      props: { name: 'fenghuo-dev', parameters: { Prefix: 'fenghuo-dev', TablePrefix: 'fenghuo_dev' } },
    });
    expect(sink.deployed.get('match')).toMatchObject({
      component: 'fc3',
      props: {
        functionName: 'fenghuo-dev-match',
        role: 'output-MatchRole',
        codeDir: join(DIST, 'functions/match'),
        environmentVariables: { FENGHUO_SMQ_ENDPOINT: 'output-SmqEndpoint' },
        triggers: [{ triggerConfig: { runOptions: { deadLetterQueue: { Arn: 'output-DeadQueueArn' } } } }],
      },
    });
    for (const secret of Object.values(SECRETS)) expect(output).not.toContain(secret);
  });

  it('deploys nothing without the secrets', async () => {
    const { FENGHUO_TOKEN: _, ...without } = env;
    const { code, output } = await runTool(['s', 'deploy', '-y', '--skip-actions'], { env: without });
    expect(code).not.toBe(0);
    expect(output).toContain('FENGHUO_TOKEN');
    expect(sink.deployed.size).toBe(0);
  });

  it('fails when the cloud refuses a resource', async () => {
    sink.refuse('fanout');
    const { code } = await runTool(['s', 'deploy', '-y', '--skip-actions'], { env });
    expect(code).not.toBe(0);
    expect(sink.deployed.has('fanout')).toBe(false);
  });

  it('leaves other channels out, and names everything by its stage, with one command', async () => {
    // Pipelines set what nobody has given a value.
    const chosen = {
      FENGHUO_CHANNELS: ' dingtalk, email',
      FENGHUO_NOTIFY_QUEUE: 'off',
      FENGHUO_TABLESTORE_INSTANCE: '',
    };
    const words = ['tsx', 'shared/deployment/deploy.ts', 'deploy', '-y', '--skip-actions'];
    const { code, output } = await runTool(words, { env: { ...env, ...chosen, FENGHUO_STAGE: 'prod' } });
    expect(code, output).toBe(0);
    expect([...sink.deployed.keys()]).toEqual(['infra', ...STAGES, 'deliver-dingtalk', 'deliver-email']);
    expect(sink.deployed.get('infra')?.props.parameters).toMatchObject({
      Channels: 'dingtalk,email',
      NotifyQueue: 'off',
      InstanceName: 'fenghuo-prod',
    });
    expect(sink.deployed.get('notify-message')?.props.triggers).toHaveLength(1);
    expect(sink.deployed.get('match')?.props).toMatchObject({
      functionName: 'fenghuo-prod-match',
      environmentVariables: { FENGHUO_NAME_PREFIX: 'fenghuo-prod', FENGHUO_CHANNELS: 'dingtalk,email' },
    });
    expect(JSON.stringify([...sink.deployed])).not.toContain('fenghuo-dev');
  });

  it('deploys nothing when a channel does not exist', async () => {
    const words = ['tsx', 'shared/deployment/deploy.ts', 'deploy', '-y', '--skip-actions'];
    const { code, output } = await runTool(words, { env: { ...env, FENGHUO_CHANNELS: 'emial' } });
    expect(code).toBe(2);
    expect(output).toContain('did you mean "email"');
    expect(sink.deployed.size).toBe(0);
  });
});
