import { isRecord } from '../domain/is-record.ts';
import { hintOf } from '../domain/settings-nearest.ts';
import type { DeployedFunction, DeployedTrigger, Deployment } from './deployment.ts';
import { DEPLOYMENT_FILE, type Finding, TEMPLATE_FILE, within } from './finding.ts';
import type { Needs } from './needs.ts';

const QUEUE = 'ALIYUN::MNS::Queue';
const CONFIG = 'triggerConfig';
const SOURCE = 'eventSourceConfig.eventSourceParameters.sourceMNSParameters.QueueName';

interface Consumer {
  path: string;
  queue: string;
  resource: string;
}

interface Queue {
  name: string;
  path: string;
}

const at = (path: string, what: string, fix: string): Finding => ({ file: DEPLOYMENT_FILE, path, what, fix });

const queuesOf = ({ stack }: Deployment): Queue[] =>
  [...stack.resources]
    .filter(([, { type }]) => type === QUEUE)
    .map(([resource, { properties }]) => ({ name: String(properties.QueueName), path: within('Resources', resource) }));

const queueOf = ({ trigger }: DeployedTrigger): string | undefined =>
  trigger?.triggerType === 'eventbridge' &&
  trigger.triggerConfig.runOptions.mode === 'event-streaming' &&
  'eventSourceParameters' in trigger.triggerConfig.eventSourceConfig
    ? trigger.triggerConfig.eventSourceConfig.eventSourceParameters.sourceMNSParameters.QueueName
    : undefined;

const consumersOf = (functions: readonly DeployedFunction[]): Consumer[] =>
  functions.flatMap(({ resource, triggers }) =>
    triggers.flatMap((each) => {
      const queue = queueOf(each);
      return queue === undefined ? [] : [{ path: within(each.path, CONFIG, SOURCE), queue, resource }];
    }),
  );

const missingQueues = (consumers: readonly Consumer[], queues: readonly string[]): Finding[] =>
  consumers
    .filter(({ queue }) => !queues.includes(queue))
    .map(({ path, queue }) =>
      at(path, `there is no queue ${queue}`, `Name a queue of the template${hintOf(queue, queues)}`),
    );

const consumerFindings = ({ name, path }: Queue, consumers: readonly Consumer[]): Finding[] => {
  const own = consumers.filter(({ queue }) => queue === name);
  if (own.length === 0)
    return [
      {
        file: TEMPLATE_FILE,
        path,
        what: `nothing consumes the queue ${name}`,
        fix: 'Give a function its trigger, or remove the queue',
      },
    ];
  return own
    .slice(1)
    .map((second) => at(second.path, `the queue ${name} has two consumers, and each would get a part`, 'Keep one'));
};

/** Whether a function sends to a queue, whose name is given without the prefix. */
const sends = ({ sendsTo }: Needs, queue: string): boolean =>
  sendsTo.some((target) => (target.endsWith('*') ? queue.startsWith(target.slice(0, -1)) : target === queue));

const producerFindings = ({ name, path }: Queue, short: string, needs: readonly Needs[]): Finding[] =>
  needs.some((each) => sends(each, short))
    ? []
    : [
        {
          file: TEMPLATE_FILE,
          path,
          what: `no function sends to the queue ${name}`,
          fix: 'Remove the queue, or correct its name',
        },
      ];

const strangerFindings = (
  consumers: readonly Consumer[],
  prefix: string,
  needs: ReadonlyMap<string, Needs>,
): Finding[] =>
  consumers
    .filter(({ queue, resource }) => {
      const short = queue.slice(prefix.length);
      const own = needs.get(resource);
      return short.startsWith('deliver-') || resource.startsWith('deliver-')
        ? short !== resource
        : own !== undefined && !sends(own, short);
    })
    .map(({ path, queue, resource }) =>
      at(path, `the function ${resource} does not understand the messages of ${queue}`, 'Name its own queue'),
    );

const deadLetterFindings = (functions: readonly DeployedFunction[], dead: string, deadArn: unknown): Finding[] =>
  functions.flatMap(({ triggers }) =>
    triggers.flatMap(({ path, trigger }) => {
      if (trigger?.triggerType !== 'eventbridge') return [];
      const arn = trigger.triggerConfig.runOptions.deadLetterQueue?.Arn;
      const place = within(path, CONFIG, 'runOptions.deadLetterQueue');
      if (arn === undefined)
        return [
          at(place, 'is missing, so that what cannot be handed over for a day is lost', `Name the queue ${dead}`),
        ];
      return arn === deadArn ? [] : [at(place, `is ${arn}`, 'Refer to the output DeadQueueArn')];
    }),
  );

const toleranceFindings = (functions: readonly DeployedFunction[]): Finding[] =>
  functions.flatMap(({ triggers }) =>
    triggers.flatMap(({ path, trigger }) => {
      if (trigger?.triggerType !== 'eventbridge') return [];
      const { errorsTolerance, retryStrategy } = trigger.triggerConfig.runOptions;
      const place = within(path, CONFIG, 'runOptions');
      const strict =
        errorsTolerance === 'ALL'
          ? []
          : [
              at(
                within(place, 'errorsTolerance'),
                'is NONE, so that one bad message stops the queue until somebody starts it',
                'Write ALL',
              ),
            ];
      return retryStrategy.PushRetryStrategy === 'EXPONENTIAL_DECAY_RETRY'
        ? strict
        : [
            ...strict,
            at(
              within(place, 'retryStrategy'),
              'gives up after three attempts',
              'Write EXPONENTIAL_DECAY_RETRY: it tries for a day',
            ),
          ];
    }),
  );

/** Whether every queue exists, has somebody who sends and exactly one who consumes, and what cannot be handed over is kept. */
export const checkQueues = (deployment: Deployment, needs: ReadonlyMap<string, Needs>): Finding[] => {
  const { functions, infrastructure, stack } = deployment;
  const parameters = isRecord(infrastructure?.props.parameters) ? infrastructure.props.parameters : {};
  const prefix = `${String(parameters.Prefix)}-`;
  const dead = `${prefix}dead`;
  const queues = queuesOf(deployment);
  const names = queues.map(({ name }) => name);
  const consumers = consumersOf(functions);
  const deployed = functions.flatMap(({ resource }) => needs.get(resource) ?? []);
  const noDead: Finding[] = names.includes(dead)
    ? []
    : [{ file: TEMPLATE_FILE, path: 'Resources', what: `there is no queue ${dead} for dead letters`, fix: 'Add it' }];
  return [
    ...noDead,
    ...missingQueues(consumers, names),
    ...queues
      .filter(({ name }) => name !== dead)
      .flatMap((queue) => [
        ...consumerFindings(queue, consumers),
        ...producerFindings(queue, queue.name.slice(prefix.length), deployed),
      ]),
    ...strangerFindings(consumers, prefix, needs),
    ...deadLetterFindings(functions, dead, stack.outputs.DeadQueueArn),
    ...toleranceFindings(functions),
  ];
};
