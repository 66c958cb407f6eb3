import { hintOf } from '../domain/settings-nearest.ts';
import { TABLES } from '../ports/table-store.ts';
import type { Deployment } from './deployment.ts';
import { type Finding, TEMPLATE_FILE, within } from './finding.ts';
import type { RenderedResource } from './template-render.ts';

const TABLE = 'ALIYUN::OTS::Table';
/** Tables that say what is in force now, however long ago it was written. */
const FOR_EVER: readonly string[] = ['settings', 'ledger', 'assets', 'lanes', 'targets'];
const KEYS = JSON.stringify([
  { Name: 'pk', Type: 'STRING' },
  { Name: 'sk', Type: 'STRING' },
]);
/** A day. Source: ROS resource specification of ALIYUN::OTS::Table. */
const MIN_SECONDS = 86_400;
const NEVER = -1;

const at = (path: string, what: string, fix: string): Finding => ({ file: TEMPLATE_FILE, path, what, fix });

const ageFindings = (path: string, table: string, seconds: unknown): Finding[] => {
  const place = within(path, 'TimeToLive');
  if (FOR_EVER.includes(table))
    return seconds === NEVER
      ? []
      : [at(place, `rows of ${table} would be lost by their age although they are in force`, 'Write -1')];
  return Number(seconds) >= MIN_SECONDS
    ? []
    : [
        at(
          place,
          `is ${String(seconds)}, so that the history of ${table} has no bound, or less than a day`,
          'Refer to TimeToLive',
        ),
      ];
};

const tableFindings = (path: string, table: string, { properties }: RenderedResource): Finding[] => [
  ...(JSON.stringify(properties.PrimaryKey) === KEYS
    ? []
    : [at(within(path, 'PrimaryKey'), 'is not what the store writes', 'Write pk and sk, both STRING')]),
  ...ageFindings(path, table, properties.TimeToLive),
];

/** Whether there is each table that the store has, with its keys and the age that its rows may reach, and no other. */
export const checkTables = ({ stack, infrastructure }: Deployment): Finding[] => {
  if (infrastructure === undefined) return [];
  const tables: readonly string[] = TABLES;
  const found = [...stack.resources].filter(([, { type }]) => type === TABLE);
  const nameOf = ({ properties }: RenderedResource): string => String(properties.TableName).split('_').at(-1) ?? '';
  const names = found.map(([, table]) => nameOf(table));
  return [
    ...tables
      .filter((name) => !names.includes(name))
      .map((name) => at('Resources', `there is no table ${name}`, 'Add it')),
    ...found.flatMap(([resource, table]) => {
      const path = within('Resources', resource, 'Properties');
      const name = nameOf(table);
      return tables.includes(name)
        ? tableFindings(path, name, table)
        : [
            at(
              within(path, 'TableName'),
              `nothing is stored in a table ${name}`,
              `Remove or correct it${hintOf(name, tables)}`,
            ),
          ];
    }),
  ];
};
