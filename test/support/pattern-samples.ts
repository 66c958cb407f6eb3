import fc from 'fast-check';

const word = fc.constantFrom.bind(fc);

const textOperatorOf = (words: string[]) =>
  fc.oneof(
    word('prefix', 'suffix', 'contains').chain((name) =>
      word(...words).map((text) => ({ [name]: name === 'suffix' ? text.slice(-3) : text.slice(0, 4) })),
    ),
    word(...words).map((text) => ({ 'anything-but': text })),
    fc.uniqueArray(word(...words), { minLength: 1, maxLength: 2 }).map((list) => ({ 'anything-but': list })),
    word(...words).map((text) => ({ 'anything-but': { prefix: text.slice(0, 3) } })),
    word(...words).map((text) => ({ 'anything-but': { suffix: text.slice(-2) } })),
    word(...words).map((text) => ({ prefix: text.slice(0, 1), suffix: text.slice(-1) })),
    fc.boolean().map((exists) => ({ exists })),
  );

/** Operators on texts; those that look at a part of one do not take an empty one. */
const textOperator = (...words: string[]) => textOperatorOf(words.filter((text) => text !== ''));

/** Expressions on one field: mostly exact words, so that the index can find by them, now and then an operator. */
const onWords = (...words: string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.uniqueArray(word(...words), { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: fc.array(textOperator(...words), { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.tuple(word(...words), textOperator(...words)) },
  );

const numeric = fc
  .tuple(word('=', '!=', '>', '>=', '<', '<='), word(0, 80, 80.00000001, 99.5), fc.boolean(), word('<', '<='))
  .map(([operator, bound, two, upper]) => ({ numeric: two ? [operator, bound, upper, 90] : [operator, bound] }));

const onNumbers = fc.array(fc.oneof(word<unknown>(80, '80', true, null, 'x', ''), numeric), {
  minLength: 1,
  maxLength: 3,
});

const onAddress = fc.array(
  word<unknown>(
    { cidr: '192.0.2.0/24' },
    { cidr: '192.0.2.7' },
    { cidr: '10.0.0.0/8' },
    { cidr: '0.0.0.0/0' },
    '192.0.2.7',
  ),
  { minLength: 1, maxLength: 2 },
);

const content = fc
  .record(
    {
      user: onWords('root', 'mail', 'admin'),
      ip: onAddress,
      value: onNumbers,
      list: fc.oneof(onWords('a', 'b', 'c'), onNumbers),
      deep: fc.record({ key: onWords('x', 'y'), none: word([{ exists: false }], [null]) }, { requiredKeys: ['key'] }),
    },
    { requiredKeys: [] },
  )
  .filter((fields) => Object.keys(fields).length > 0 && Object.keys(fields).length < 3);

const resource = fc
  .record({ id: onWords('i-web01', 'i-web02', 'i-db01'), type: onWords('instance', 'disk') }, { requiredKeys: [] })
  .filter((fields) => Object.keys(fields).length > 0);

const FIELDS: Record<string, fc.Arbitrary<unknown>> = {
  product: onWords('sas', 'ECS', 'acs.ecs', 'rds', 'Security Center'),
  type: fc.oneof(
    onWords('Suspicious', 'Vulnerability', 'suspicious', 'StatusNotification'),
    onWords('ecs:Instance:StateChange', 'sas:Login:Unusual', 'rds:Disk'),
  ),
  name: onWords('Login:Unusual', 'Instance:StateChange', 'Disk', 'disk'),
  status: onWords('', 'Executing', 'Failed'),
  level: fc.uniqueArray(word('critical', 'WARN', 'serious', 'low', 'info'), { minLength: 1, maxLength: 3 }),
  source: fc.oneof(onWords('acs.ecs', 'acs.sas'), onWords('cloudmonitor-event', 'eventbridge')),
  account: onWords('1', '2'),
  aliyunregionid: onWords('cn-hangzhou', 'cn-beijing'),
  subject: onWords('acs:ecs:cn-hangzhou:1:instance/i-web01'),
  resource,
  content,
  data: content,
};

/** Event patterns over the words of the sample events, of few fields, so that some events fit. */
export const anyPattern: fc.Arbitrary<Record<string, unknown>> = fc
  .uniqueArray(word(...Object.keys(FIELDS)), { maxLength: 3 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, FIELDS[name]!]))));

/** Contents that such patterns look into: numbers as numbers and as texts, lists, objects, nulls and what is missing. */
export const anyContent: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    user: word<unknown>('root', 'mail', 'admin', null, 7, ''),
    ip: word<unknown>('192.0.2.7', '10.1.2.3', '192.0.2.255', 'fe80::1', 5),
    value: word<unknown>(80, '80', 80.00000001, 99.5, true, null, 'x', ''),
    list: word<unknown>(['a', 'b'], ['MAIL', 80], [], [{ a: 1 }, 'a'], [null], 'a', { a: 1 }),
    deep: word<unknown>({ key: 'x' }, { key: ['y', 'z'], none: null }, {}, 'x', ['x']),
    groupId: word<unknown>('176', '176, 177', 177, ''),
    groupName: word<unknown>('Shop', 'shop-2'),
  },
  { requiredKeys: [] },
);
