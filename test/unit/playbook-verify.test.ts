import { describe, expect, it } from 'vitest';
import { type Playbook, readPlaybook } from '../../shared/domain/playbook.ts';
import { verifyPlaybook } from '../../shared/domain/playbook-verify.ts';
import { expression as e, NOTIFY_SETTINGS, notifyBook } from '../support/notify-book.ts';
import { type Cell, custom, edges, end, other, pagePlaybook, start } from '../support/playbooks.ts';

const read = (value: unknown): Playbook => {
  const playbook = readPlaybook(value);
  if (typeof playbook === 'string') throw new Error(playbook);
  return playbook;
};

const findingsOf = (value: unknown, book = notifyBook(), event?: unknown): string[] =>
  verifyPlaybook(read(value), { book, event }).map(({ riskLevel, node, code }) => `${riskLevel} ${node} ${code}`);

const MAIL = { receivers: 'a@example.com', emailTitle: 'T' };
const SOUND: Cell[] = [start(), custom('A', MAIL), end(), ...edges('start>A>end')];

const swap = (cells: readonly Cell[], id: string, cell: Cell): Cell[] =>
  cells.map((one) => (one.id === id ? cell : one));

const WRONG: readonly [string, Cell[], readonly string[]][] = [
  ['nothing wrong', SOUND, []],
  ['no start', SOUND.slice(1), ['error  no-start', 'error start-A loose-edge']],
  ['two starts', [...SOUND, start('begin'), ...edges('begin>A')], ['error  several-starts']],
  ['no end', [start(), custom('A', MAIL), ...edges('start>A')], ['warn  no-end']],
  ['a node that no path leads to', [...SOUND, custom('B', MAIL), ...edges('B>end')], ['warn B unreachable']],
  ['a circle', [...SOUND, custom('B', MAIL), ...edges('A>B>A')], ['error A cycle']],
  ['a circle of one', [...SOUND, ...edges('A>A')], ['error A cycle']],
  ['an edge into nothing', [...SOUND, ...edges('A>gone')], ['error A-gone loose-edge']],
  ['two nodes of one name', [...SOUND, { ...custom('A', MAIL), id: 'B' }, ...edges('A>B>end')], ['error A same-name']],
  ['two nodes of one id', [...SOUND, { ...custom('C', MAIL), id: 'A' }], ['error A same-id']],
  ['a node called event', swap(SOUND, 'A', { ...custom('event', MAIL), id: 'A' }), ['error event reserved-name']],
  ['a node without a name', swap(SOUND, 'A', { ...custom('', MAIL), id: 'A' }), ['warn A no-name']],
  ['nothing behind a node', [...SOUND, custom('B', MAIL), ...edges('A>B')], ['remind B dead-end']],
  ['another component', swap(SOUND, 'A', other('A')), ['warn A unknown-component']],
  [
    'an action that does not exist',
    swap(SOUND, 'A', custom('A', MAIL, { actionName: 'notifyAll' })),
    ['error A unknown-action'],
  ],
  [
    'a node of an unknown kind',
    swap(SOUND, 'A', { id: 'A', data: { nodeType: 'exclusiveGateway', nodeName: 'A' } }),
    ['warn A unknown-node-type'],
  ],
  [
    'a parameter that the playbook requires',
    swap(SOUND, 'A', custom('A', MAIL, { parameters: [{ name: 'smscontext', required: true }] })),
    ['error A missing-parameter'],
  ],
  ['a node without parameters', swap(SOUND, 'A', custom('A', {})), ['error A nothing-asked']],
  [
    'Message Center without its parameters',
    swap(SOUND, 'A', custom('A', {}, { actionName: 'notifyByMessageCenter' })),
    ['error A missing-parameter', 'error A missing-parameter'],
  ],
  [
    'a robot that is not there',
    swap(SOUND, 'A', custom('A', { dingdingWebhooks: '1', dingdingcontext: 'x' })),
    ['error A unknown-robot'],
  ],
  ['an instance that is not there', swap(SOUND, 'A', custom('A', MAIL, { assetUuid: 'gone' })), ['warn A remark']],
  [
    'a node that is not there',
    swap(SOUND, 'A', custom('A', { ...MAIL, emailTitle: e('B.message') })),
    ['error A unknown-reference'],
  ],
  [
    'a node that comes later',
    [
      start(),
      custom('A', { ...MAIL, emailTitle: e('B.message') }),
      custom('B', MAIL),
      end(),
      ...edges('start>A>B>end'),
    ],
    ['error A unknown-reference'],
  ],
  [
    'a node beside this one',
    [
      start(),
      custom('A', { ...MAIL, emailTitle: e('B.message') }),
      custom('B', MAIL),
      end(),
      ...edges('start>A>end', 'start>B>end'),
    ],
    ['error A unknown-reference'],
  ],
  [
    'an output that does not exist',
    [start(), custom('A', MAIL), custom('B', { ...MAIL, emailTitle: e('A.result') }), end(), ...edges('start>A>B>end')],
    ['error B unknown-reference'],
  ],
  [
    'an output that does, and one of another component that nobody knows',
    [
      start(),
      custom('A', MAIL),
      other('X'),
      custom('B', { ...MAIL, emailTitle: `${e('A.message')}${e('X.any')}` }),
      end(),
      ...edges('start>A>X>B>end'),
    ],
    ['warn X unknown-component'],
  ],
  [
    'an expression that is none',
    swap(SOUND, 'A', custom('A', { ...MAIL, emailTitle: e('lower(x)') })),
    ['error A unknown-reference'],
  ],
  [
    'a wrong constant beside an expression',
    swap(
      SOUND,
      'A',
      custom('A', { receivers: e('event.owner'), emailTitle: 'T', dingdingWebhooks: '1', dingdingcontext: 'x' }),
    ),
    ['error A unknown-robot'],
  ],
  [
    'an onError that nobody knows',
    swap(SOUND, 'A', custom('A', MAIL, { advance: { onError: 'explode' } })),
    ['remind A unknown-on-error'],
  ],
  ['an onError that is known', swap(SOUND, 'A', custom('A', MAIL, { advance: { onError: 'stop_cur_flow' } })), []],
  [
    'an edge with a condition',
    [
      start(),
      custom('A', MAIL),
      end(),
      ...edges('A>end'),
      { ...edges('start>A')[0], data: { nodeType: 'sequenceFlow', conditionExpression: 'x' } },
    ],
    ['warn A condition'],
  ],
];

describe('the verification of a playbook', () => {
  it.each(WRONG)('finds %s', (_, cells, expected) => {
    expect(findingsOf(cells).sort()).toEqual([...expected].sort());
    expect(findingsOf({ cells })).toEqual(findingsOf(cells));
  });

  it('finds in the playbook of the page exactly that its account is masked and its resource instance is the vendor’s', () => {
    const found = verifyPlaybook(read(pagePlaybook()), { book: notifyBook(), event: undefined });
    expect(found).toMatchObject([
      { riskLevel: 'warn', node: 'NotifyMessage_2', code: 'remark' },
      { riskLevel: 'remind', node: 'NotifyMessage_1', code: 'odd-account' },
    ]);
    expect(found[0]?.detail.en).toContain('acde2ae8-8b01-4bec-97c4-44ba6c9ba457');
    expect(found[1]?.detail.zh).toContain('1766xxxx');
  });

  it('finds there what these settings lack: a sender of mail, recipients, the account', () => {
    const none = notifyBook({});
    expect(findingsOf(pagePlaybook(), none)).toEqual([
      'error NotifyMessage_1 no-recipient',
      'error NotifyMessage_2 no-resource-instance',
      'remind NotifyMessage_1 odd-account',
    ]);
    const known = notifyBook({
      ...NOTIFY_SETTINGS,
      account: '1999000011112222',
      resourceInstances: [
        { ...NOTIFY_SETTINGS.resourceInstances[0], assetUuid: 'acde2ae8-8b01-4bec-97c4-44ba6c9ba457' },
      ],
    });
    expect(findingsOf(pagePlaybook(), known)).toEqual([
      'error NotifyMessage_1 other-account',
      'remind NotifyMessage_1 odd-account',
    ]);
  });

  it('looks for the fields of the event when there is one', () => {
    const cells = swap(SOUND, 'A', custom('A', { ...MAIL, emailTitle: e('event.name') }));
    expect(findingsOf(cells)).toEqual([]);
    expect(findingsOf(cells, notifyBook(), { name: 'x' })).toEqual([]);
    expect(findingsOf(cells, notifyBook(), { title: 'x' })).toEqual(['error A unknown-reference']);
  });

  it('puts errors first, and says everything in both languages', () => {
    for (const [, cells] of WRONG) {
      const found = verifyPlaybook(read(cells), { book: notifyBook(), event: undefined });
      const order = found.map(({ riskLevel }) => ['error', 'warn', 'remind'].indexOf(riskLevel));
      expect(order).toEqual([...order].sort());
      for (const { detail } of found) expect(detail.zh).toMatch(/\p{Script=Han}/u);
    }
  });

  it('reads the export of the console, the bare list, and JSON text of both; and nothing else', () => {
    const text = pagePlaybook();
    const { cells } = JSON.parse(text);
    for (const form of [text, JSON.parse(text), cells, JSON.stringify(cells), { cells: JSON.stringify(cells) }])
      expect(read(form)).toEqual(read(text));
    expect(readPlaybook('<bpmn/>')).toBe('not-json');
    expect(readPlaybook({ nodes: [] })).toBe('no-cells');
    expect(readPlaybook(Array.from({ length: 2_001 }, () => ({})))).toBe('too-large');
  });

  it('reads what it was not meant to read without falling over', () => {
    for (const cell of [
      null,
      1,
      'x',
      [],
      {},
      { data: 1 },
      { data: { nodeType: 'action', valueData: 'x' } },
      { source: 1, target: 2 },
    ])
      expect(() => findingsOf([cell])).not.toThrow();
  });
});
