import { afterEach, describe, expect, it } from 'vitest';
import { notifyMessageFunction } from '../../shared/runtime/notify-message-function.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { saveSettings } from '../../shared/stages/settings.ts';
import { NOTIFY_SETTINGS } from '../support/notify-book.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const open = async () => {
  const posts: string[] = [];
  const world: TestWorld = createTestWorld({
    http: {
      send: ({ body = '' }) => {
        posts.push(body);
        return Promise.resolve({ status: 200, headers: {}, body: '{"errcode":0,"errmsg":"ok"}' });
      },
    },
  });
  registerPlatform(world.platform);
  await saveSettings({ ...world.platform, env: {} }, { text: JSON.stringify(NOTIFY_SETTINGS), format: 'json' });
  const handler = notifyMessageFunction();
  const invoke = (event: unknown, requestId = 'fc-1') => handler(Buffer.from(JSON.stringify(event)), { requestId });
  return { world, posts, invoke };
};

afterEach(() => registerPlatform(undefined));

const FIELDS = { dingdingWebhooks: '10651', dingdingcontext: 'Hello' };
const CALL = { action: 'notifyByCustom', ...FIELDS };
const PLAYBOOK = {
  cells: [
    { id: 's', data: { nodeType: 'startEvent', nodeName: 'start' } },
    {
      id: 'a',
      data: {
        nodeType: 'action',
        componentName: 'NotifyMessage',
        actionName: 'notifyByCustom',
        nodeName: 'A',
        valueData: FIELDS,
      },
    },
    { id: 'e', source: { cell: 's' }, target: { cell: 'a' }, data: { nodeType: 'sequenceFlow' } },
  ],
};

describe('the function notify-message', () => {
  it('answers an invocation with the outputs of the component', async () => {
    const { invoke, posts } = await open();
    expect(await invoke(CALL)).toMatchObject({
      status: true,
      message: 'Delivered 1 of 1. DingTalk robot 10651: delivered.',
    });
    expect(posts).toHaveLength(1);
  });

  it.each([
    ['the names of the vendor', { ActionName: 'notifyByCustom', NodeName: 'A', ...FIELDS }],
    ['the values of a node', { actionName: 'notifyByCustom', valueData: FIELDS }],
    ['the values of a node as text', { actionName: 'notifyByCustom', valueData: JSON.stringify(FIELDS) }],
  ])('understands %s', async (_, event) => {
    const { invoke } = await open();
    expect(await invoke(event)).toMatchObject({ status: true });
  });

  it('sends nothing twice when the platform repeats an invocation', async () => {
    const { invoke, posts } = await open();
    const first = await invoke(CALL, 'fc-7');
    expect(await invoke(CALL, 'fc-7')).toEqual(first);
    expect(posts).toHaveLength(1);
    await invoke(CALL, 'fc-8');
    expect(posts).toHaveLength(2);
  });

  it('runs a playbook that it is invoked with', async () => {
    const { invoke, posts } = await open();
    expect(await invoke(PLAYBOOK)).toMatchObject({
      status: 'success',
      nodes: [{ node: 'start' }, { node: 'A', status: 'success' }],
    });
    expect(posts).toHaveLength(1);
  });

  it('answers a wrong invocation in the same two outputs', async () => {
    const { invoke } = await open();
    expect(await invoke({ action: 'notifyAll' })).toMatchObject({
      status: false,
      message: expect.stringContaining('notifyByCustom'),
      error: { code: 'unknown-action' },
    });
    expect(await invoke({ cells: 'x' })).toMatchObject({ status: false, error: { code: 'not-a-playbook' } });
  });

  it('takes messages of a queue, once each however often they come', async () => {
    const { invoke, posts } = await open();
    const base64 = Buffer.from(JSON.stringify({ ...CALL, dingdingcontext: 'Two' })).toString('base64');
    const batch = [JSON.stringify({ ...CALL, requestId: 'q-1' }), { data: { messageBody: base64 } }];
    expect(await invoke(batch)).toEqual({ done: 2, again: 0, dead: 0 });
    expect(await invoke(batch)).toEqual({ done: 2, again: 0, dead: 0 });
    expect(posts.map((body) => JSON.parse(body).text.content.split('\n')[0])).toEqual(['Hello', 'Two']);
  });

  it('lets one poisoned message of a queue harm no other', async () => {
    const { invoke, posts, world } = await open();
    expect(await invoke(['no json', { action: 'x' }, CALL])).toEqual({ done: 1, again: 1, dead: 1 });
    expect(posts).toHaveLength(1);
    expect(await world.platform.store.scan({ table: 'deadletters', limit: 10 })).toMatchObject([
      { pk: 'notify-message' },
    ]);
  });

  it('answers HTTP with the token, and nobody without', async () => {
    const { invoke, world, posts } = await open();
    const call = (authorization: string) => ({
      rawPath: '/actions/NotifyMessage/notifyByCustom',
      headers: { Authorization: authorization },
      body: JSON.stringify(FIELDS),
      requestContext: { http: { method: 'POST' } },
    });
    expect(await invoke(call('Bearer wrong'))).toMatchObject({ statusCode: 401 });
    const answer = await invoke(call(`Bearer ${world.platform.accessToken}`));
    expect(answer).toMatchObject({ statusCode: 200, body: expect.stringContaining('"status":true') });
    expect(posts).toHaveLength(1);
  });
});
