import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expression as e } from '../support/notify-book.ts';
import { NotifyWorld } from '../support/notify-world.ts';
import { type Cell, custom, edges, end, other, pagePlaybook, start } from '../support/playbooks.ts';

let world: NotifyWorld;

beforeEach(async () => {
  world = await NotifyWorld.open();
});
afterEach(() => world.close());

const run = async (cells: readonly Cell[], more: object = {}) =>
  (await world.ask('POST /api/playbooks/run', { cells, ...more })).body;

const mailTo = (receivers: unknown, emailTitle: unknown = 'T') => ({ receivers, emailTitle });
const subjects = () => world.mails.map(({ subject }) => subject);

interface Told {
  node: string;
  status: string;
  message: string;
  // biome-ignore lint/suspicious/noExplicitAny: an answer as it comes
  outputs: any[];
}
const statuses = ({ nodes }: { nodes: Told[] }) => nodes.map(({ node, status }) => `${node} ${status}`);

describe('the playbook of the page', () => {
  it('runs as it stands: both nodes, their outputs, and the mail', async () => {
    const answer = await world.ask('POST /api/playbooks/run', pagePlaybook());
    expect(answer).toMatchObject({ status: 200, body: { status: 'success' } });
    expect(statuses(answer.body)).toEqual([
      'start success',
      'NotifyMessage_1 success',
      'NotifyMessage_2 success',
      'end success',
    ]);
    const [, first, second] = answer.body.nodes as Told[];
    expect(first?.outputs).toMatchObject([{ status: true, message: expect.stringMatching(/^Delivered 4 of 4\./) }]);
    expect(first?.outputs[0].receipts.map(({ channel }: { channel: string }) => channel)).toEqual([
      'sms',
      'email',
      'dingtalk',
      'inbox',
    ]);
    expect(second?.outputs).toMatchObject([
      { status: true, receipts: [{ channel: 'email', receiver: 'xxx@163.com', status: 'delivered' }] },
    ]);
    expect(second?.message).toContain('goes out through "mail-out"');
    expect(world.mails.map(({ to, subject }) => [...to, subject])).toEqual([
      ['ops-lead@example.com', '【云安全中心】产生安全事件：Event generation test'],
      ['xxx@163.com', 'Custom notification test'],
    ]);
    expect(answer.body.findings).toMatchObject([
      { node: 'NotifyMessage_2', riskLevel: 'warn' },
      { node: 'NotifyMessage_1', riskLevel: 'remind' },
    ]);
  });

  it('verifies with these findings over the API, and sends nothing by that', async () => {
    const { body } = await world.ask('POST /api/playbooks/verify?lang=zh', pagePlaybook());
    expect(body).toMatchObject({
      ok: true,
      findings: [
        { node: 'NotifyMessage_2', riskLevel: 'warn', detail: expect.stringContaining('未知的资源实例') },
        { node: 'NotifyMessage_1', riskLevel: 'remind', detail: expect.stringContaining('1766xxxx') },
      ],
    });
    expect(world.mails).toEqual([]);
  });

  it('fails with the truth when the mail is refused', async () => {
    world.smtp.script = { at: 'auth', act: { say: '535 authentication failed' } };
    const { body } = await world.ask('POST /api/playbooks/run', pagePlaybook());
    expect(body.status).toBe('fail');
    expect(statuses(body)).toEqual(['start success', 'NotifyMessage_1 fail', 'NotifyMessage_2 fail', 'end success']);
  });
});

describe('the run of a playbook', () => {
  it('is kept, and shown without and with its results', async () => {
    const one = await run([start(), custom('A', mailTo('a@example.com')), end(), ...edges('start>A>end')]);
    world.base.clock.advance(1_000);
    const two = await run([start(), custom('A', {}), end(), ...edges('start>A>end')]);
    const { body } = await world.ask('GET /api/playbooks/runs');
    expect(body.items).toMatchObject([
      { id: two.id, status: 'fail', counts: { nodes: 3, messages: 0, delivered: 0 } },
      { id: one.id, status: 'success', counts: { nodes: 3, messages: 1, delivered: 1 } },
    ]);
    expect(body.items[0].result).toBeUndefined();
    const first = (await world.ask('GET /api/playbooks/runs?limit=1')).body;
    expect(first).toMatchObject({ items: [{ id: two.id }], cursor: two.id });
    expect((await world.ask(`GET /api/playbooks/runs?limit=1&cursor=${first.cursor}`)).body).toEqual({
      items: [body.items[1]],
    });
    const shown = (await world.ask(`GET /api/playbooks/runs/${one.id}`)).body;
    expect(shown).toMatchObject({ id: one.id, status: 'success', result: { nodes: one.nodes } });
    expect(await world.ask('GET /api/playbooks/runs/run_gone')).toMatchObject({ status: 404 });
    expect(await world.ask('GET /api/playbooks/runs?cursor=x')).toMatchObject({ status: 400 });
  });

  it('is told as interrupted when it never came to an end', async () => {
    const { store } = world.base.platform;
    const row = {
      id: 'run_1',
      startedAtMs: 1,
      leaseUntilMs: world.base.clock.nowMs() + 1,
      status: 'running',
      counts: { nodes: 0, messages: 0, delivered: 0 },
    };
    await store.write([
      { kind: 'put', table: 'runs', pk: 'playbooks', sk: 'run_1', body: JSON.stringify(row), when: 'any' },
    ]);
    expect((await world.ask('GET /api/playbooks/runs/run_1')).body.status).toBe('running');
    world.base.clock.advance(10);
    expect((await world.ask('GET /api/playbooks/runs/run_1')).body.status).toBe('interrupted');
  });

  it('gives the output of a node to those behind it, and the event to all', async () => {
    const { nodes } = await run(
      [
        start(),
        custom('A', mailTo('a@example.com', `${e('event.name')} of ${e('event._tenant_id')}`)),
        custom('B', mailTo('b@example.com', `${e('A.status')}: ${e('A.receipts[0].receiver')}`)),
        end(),
        ...edges('start>A>B>end'),
      ],
      { event: { name: 'Intrusion' } },
    );
    expect(subjects()).toEqual(['Intrusion of 1766185894104675', 'true: a@example.com']);
    expect(
      nodes.every(
        ({ durationMs, startedAtMs }: { durationMs: number; startedAtMs: number }) =>
          durationMs >= 0 && startedAtMs > 0,
      ),
    ).toBe(true);
  });

  it('runs a node for every item of a list, once for equal ones', async () => {
    const event = { owners: ['a@example.com', 'b@example.com', 'a@example.com'] };
    const { nodes } = await run([start(), custom('A', mailTo(e('event.owners'))), end(), ...edges('start>A>end')], {
      event,
    });
    expect(nodes[1]).toMatchObject({ status: 'success', isList: true, outputs: [{ status: true }, { status: true }] });
    expect(world.mails.map(({ to }) => to[0])).toEqual(['a@example.com', 'b@example.com']);
  });

  it('takes lists item by item together, and refuses those that do not belong together', async () => {
    const cells = [start(), custom('A', mailTo(e('event.who'), e('event.what'))), end(), ...edges('start>A>end')];
    await run(cells, { event: { who: ['a@example.com', 'b@example.com'], what: ['1', '2'] } });
    expect(world.mails.map(({ to, subject }) => `${to} ${subject}`)).toEqual(['a@example.com 1', 'b@example.com 2']);
    const wrong = await run(cells, { event: { who: ['a@example.com'], what: ['1', '2'] } });
    expect(wrong.nodes[1]).toMatchObject({ status: 'fail', outputs: [{ problems: [{ code: 'list-lengths' }] }] });
    const long = await run(cells, { event: { who: Array.from({ length: 101 }, () => 'a@example.com'), what: 'x' } });
    expect(long.nodes[1]).toMatchObject({ status: 'fail', outputs: [{ problems: [{ code: 'list-too-long' }] }] });
    const none = await run(cells, { event: { who: [], what: 'x' } });
    expect(none).toMatchObject({
      status: 'incomplete',
      nodes: [{}, { status: 'not-run', message: expect.stringContaining('empty') }, {}],
    });
    expect(world.mails).toHaveLength(2);
  });

  it('sends nothing from a node whose expression leads nowhere, and goes on behind it', async () => {
    const { nodes, status } = await run(
      [
        start(),
        custom('A', mailTo('a@example.com', e('event.gone'))),
        custom('B', mailTo('b@example.com')),
        end(),
        ...edges('start>A>B>end'),
      ],
      { event: {} },
    );
    expect(status).toBe('fail');
    expect(nodes[1]).toMatchObject({ status: 'fail', outputs: [{ problems: [{ code: 'unreplaced-expression' }] }] });
    expect(world.mails.map(({ to }) => to[0])).toEqual(['b@example.com']);
  });

  it('stops the path behind a node that failed when that says so, and no other path', async () => {
    const advance = { onError: 'stop_cur_flow' };
    const answer = await run([
      start(),
      custom('A', {}, { advance }),
      custom('B', mailTo('b@example.com')),
      custom('C', mailTo('c@example.com')),
      end(),
      ...edges('start>A>B>end', 'start>C>end'),
    ]);
    expect(statuses(answer).sort()).toEqual(
      ['A fail', 'B not-run', 'C success', 'end success', 'start success'].sort(),
    );
    expect(world.mails.map(({ to }) => to[0])).toEqual(['c@example.com']);
  });

  it('runs what lies side by side at the same time, and what joins after all of it', async () => {
    let together = 0;
    let most = 0;
    const send = world.smtp.onMail;
    world.smtp.onMail = async (mail) => {
      together += 1;
      most = Math.max(most, together);
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      together -= 1;
      await send(mail);
    };
    const branches = ['A', 'B', 'C'];
    const answer = await run([
      start(),
      ...branches.map((name) => custom(name, mailTo(`${name.toLowerCase()}@example.com`, name))),
      custom('J', mailTo('j@example.com', branches.map((name) => e(`${name}.status`)).join(' '))),
      end(),
      ...edges('start>A>J', 'start>B>J', 'start>C>J>end'),
    ]);
    expect(answer.status).toBe('success');
    expect(most).toBeGreaterThan(1);
    expect(subjects().at(-1)).toBe('true true true');
    expect(subjects().slice(0, 3).sort()).toEqual(branches);
    expect(statuses(answer).map((text) => text.split(' ')[0])).toEqual(['start', 'A', 'B', 'C', 'J', 'end']);
  });

  it('reports another component as not run, never as done, and goes on without its output', async () => {
    const answer = await run([
      start(),
      other('X'),
      custom('A', mailTo('a@example.com')),
      custom('B', mailTo('b@example.com', e('X.result'))),
      end(),
      ...edges('start>X>A>B>end'),
    ]);
    expect(answer.status).toBe('fail');
    expect(statuses(answer)).toEqual(['start success', 'X not-run', 'A success', 'B fail', 'end success']);
    expect(answer.nodes[1].message).toContain('only the component NotifyMessage is executed');
    expect(answer.nodes[1].outputs).toEqual([]);
    expect(subjects()).toEqual(['T']);
  });

  it('does not guess which way a gateway or a condition would take', async () => {
    const gateway = { id: 'G', data: { nodeType: 'exclusiveGateway', nodeName: 'G' } };
    const two = await run([
      start(),
      gateway,
      custom('A', mailTo('a@example.com')),
      custom('B', mailTo('b@example.com')),
      end(),
      ...edges('start>G>A>end', 'G>B>end'),
    ]);
    expect(statuses(two)).toEqual(['start success', 'G not-run', 'A not-run', 'B not-run', 'end not-run']);
    const one = await run([start(), gateway, custom('A', mailTo('a@example.com')), end(), ...edges('start>G>A>end')]);
    expect(one).toMatchObject({ status: 'incomplete' });
    expect(statuses(one)).toEqual(['start success', 'G not-run', 'A success', 'end success']);
    const condition = { ...edges('start>A')[0], data: { nodeType: 'sequenceFlow', condition: 'x > 1' } } as Cell;
    const asked = await run([start(), condition, custom('A', mailTo('a@example.com')), end(), ...edges('A>end')]);
    expect(statuses(asked)).toEqual(['start success', 'A not-run', 'end not-run']);
    expect(world.mails).toHaveLength(1);
  });

  it('is not begun when the graph is wrong', async () => {
    const answer = await run([
      start(),
      custom('A', mailTo('a@example.com')),
      custom('B', mailTo('b@example.com')),
      end(),
      ...edges('start>A>B>A', 'B>end'),
    ]);
    expect(answer).toMatchObject({ status: 'fail', nodes: [], findings: [{ code: 'cycle', riskLevel: 'error' }] });
    expect(world.mails).toEqual([]);
  });

  it('is refused when it is no playbook', async () => {
    for (const body of ['{', '"x"', '{"a":1}', '{"cells":"<bpmn>"}'])
      expect(await world.ask('POST /api/playbooks/run', body)).toMatchObject({ status: 400 });
    expect(await world.ask('POST /api/playbooks/run', { cells: [], event: 'x' })).toMatchObject({ status: 400 });
  });

  it('sends nothing twice when it is repeated, not even after a process died before its answer was kept', async () => {
    const cells = [
      start(),
      custom('A', mailTo('a@example.com')),
      custom('B', mailTo('b@example.com')),
      end(),
      ...edges('start>A>B>end'),
    ];
    const first = await world.ask('POST /api/playbooks/run', { cells, requestId: 'r-1' });
    const again = await world.ask('POST /api/playbooks/run', { cells, requestId: 'r-1' });
    expect(again.body).toEqual(first.body);
    const { store } = world.base.platform;
    const rows = await store.scan({ table: 'runs', limit: 10 });
    const request = rows.find(({ pk }) => pk.startsWith('request:'));
    const { answer: _, ...cut } = JSON.parse(request?.body ?? '{}');
    await store.write([
      { kind: 'put', table: 'runs', pk: request?.pk ?? '', sk: '', body: JSON.stringify(cut), when: 'any' },
    ]);
    expect(await world.ask('POST /api/playbooks/run', { cells, requestId: 'r-1' })).toMatchObject({ status: 409 });
    world.base.clock.advance(600_000);
    const taken = await world.ask('POST /api/playbooks/run', { cells, requestId: 'r-1' });
    expect(taken.body).toMatchObject({ id: first.body.id, status: 'success' });
    expect(world.mails).toHaveLength(2);
  });

  it('answers in the language asked for', async () => {
    const { nodes } = await run([start(), other('X'), end(), ...edges('start>X>end')], { lang: 'zh' });
    expect(nodes[1].message).toBe('未执行：此处只执行组件 NotifyMessage。');
  });
});
