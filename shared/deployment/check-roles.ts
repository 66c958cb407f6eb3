import { isRecord } from '../domain/is-record.ts';
import type { DeployedFunction, Deployment } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, TEMPLATE_FILE, within } from './finding.ts';
import type { Needs } from './needs.ts';
import type { RenderedResource, RenderedStack } from './template-render.ts';

const ROLE = 'ALIYUN::RAM::Role';
const POLICY = 'ALIYUN::RAM::ManagedPolicy';

const ATTACHMENT = 'ALIYUN::RAM::AttachPolicyToRole';
/** Services that only one channel calls. */
const CHANNELS: Readonly<Record<string, string>> = { dysms: 'deliver-sms', dyvms: 'deliver-voice' };

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** `action on resource` for everything that a statement allows. */
const grantsOf = (statement: unknown): string[] => {
  const { Action: actions, Resource: resources } = isRecord(statement) ? statement : {};
  return listOf(actions).flatMap((action) =>
    listOf(resources).map((resource) => `${String(action)} on ${String(resource)}`),
  );
};

const statementsOf = ({ properties }: RenderedResource): readonly unknown[] =>
  isRecord(properties.PolicyDocument) ? listOf(properties.PolicyDocument.Statement) : [];

const listedIn = ({ properties }: RenderedResource): readonly string[] =>
  isRecord(properties.PolicyAttachments) ? listOf(properties.PolicyAttachments.Custom).map(String) : [];

/** Names of the policies of a role, in its own list or attached beside it. */
const attachedTo = (role: RenderedResource, { resources }: RenderedStack): readonly string[] => {
  const beside = [...resources.values()].filter(
    ({ type, properties }) => type === ATTACHMENT && properties.RoleName === role.properties.RoleName,
  );
  return [...listedIn(role), ...beside.map(({ properties }) => String(properties.PolicyName))];
};

const policiesOf = ({ resources }: RenderedStack): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...resources.values()]
      .filter(({ type }) => type === POLICY)
      .map((policy) => [String(policy.properties.PolicyName), statementsOf(policy).flatMap(grantsOf)]),
  );

interface Stage {
  functions: readonly string[];
  prefix: string;
  tables: string;
  instance: string;
  /** Region and account as they stand in the name of a resource. */
  where: string;
  storeActions: readonly string[];
}

const stageOf = ({ infrastructure, stack, functions }: Deployment, storeActions: readonly string[]): Stage => {
  const { parameters, region } = infrastructure?.props ?? {};
  const { Prefix, TablePrefix, InstanceName } = isRecord(parameters) ? parameters : {};
  const account = String(stack.outputs.DeadQueueArn ?? '').split(':')[3] ?? '';
  return {
    functions: functions.map(({ resource }) => resource),
    prefix: String(Prefix),
    tables: String(TablePrefix),
    instance: String(InstanceName),
    where: `${String(region)}:${account}`,
    storeActions,
  };
};

const sendGrant = ({ where, prefix }: Stage, queue: string): string =>
  `mns:SendMessage on acs:mns:${where}:/queues/${prefix}-${queue}/messages`;

/** A function that invokes others leaves the calls of a channel to its function; a channel that is left out is called by nobody. */
const isCalled = (action: string, { invokes }: Needs, { functions }: Stage): boolean => {
  const channel = CHANNELS[action.split(':')[0] ?? ''];
  return channel === undefined || (!invokes && functions.includes(channel));
};

/** Everything that the code of a function calls, as its role must allow it. */
const wantedBy = (needs: Needs, stage: Stage): string[] => {
  const rows = `acs:ots:${stage.where}:instance/${stage.instance}/table/${stage.tables}_*`;
  return [
    ...stage.storeActions.map((action) => `${action} on ${rows}`),
    ...needs.sendsTo.map((queue) => sendGrant(stage, queue)),
    ...needs.actions.filter((action) => isCalled(action, needs, stage)).map((action) => `${action} on *`),
    ...(needs.invokes ? [`fc:InvokeFunction on acs:fc:${stage.where}:functions/${stage.prefix}-deliver-*`] : []),
  ];
};

const roleOf = ({ stack }: Deployment, { props }: DeployedFunction): [string, RenderedResource] | undefined => {
  const name = String(props.role).split('/').at(-1);
  return [...stack.resources].find(([, { type, properties }]) => type === ROLE && properties.RoleName === name);
};

const compare = (path: string, granted: readonly string[], wanted: readonly string[]): Finding[] => [
  ...wanted
    .filter((grant) => !granted.includes(grant))
    .map((grant) => ({
      file: TEMPLATE_FILE,
      path,
      what: `does not allow ${grant}, which the code calls`,
      fix: 'Attach the policy',
    })),
  ...granted
    .filter((grant) => !wanted.includes(grant))
    .map((grant) => ({
      file: TEMPLATE_FILE,
      path,
      what: `allows ${grant}, which the code never calls`,
      fix: 'Take the policy away',
    })),
];

/** Whether the role of each function allows what its code calls and nothing else. */
export const checkRoles = (
  deployment: Deployment,
  needs: ReadonlyMap<string, Needs>,
  storeActions: readonly string[],
): Finding[] => {
  const policies = policiesOf(deployment.stack);
  const stage = stageOf(deployment, storeActions);
  return deployment.functions.flatMap((each): Finding[] => {
    const own = needs.get(each.resource);
    if (own === undefined) return [];
    const role = roleOf(deployment, each);
    const rolePath = within(each.path, 'role');
    if (role === undefined)
      return [
        {
          file: DEPLOYMENT_FILE,
          path: rolePath,
          what: `there is no role ${String(each.props.role)}`,
          fix: 'Name its role',
        },
      ];
    if (role[1].properties.RoleName !== `${stage.prefix}-${each.resource}`)
      return [
        { file: DEPLOYMENT_FILE, path: rolePath, what: 'is the role of another function', fix: 'Name its own role' },
      ];
    const granted = attachedTo(role[1], deployment.stack).flatMap((name) => policies.get(name) ?? []);
    return compare(within('Resources', role[0]), granted, wantedBy(own, stage));
  });
};
