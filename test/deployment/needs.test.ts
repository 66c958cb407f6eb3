import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { KNOWN_VARIABLES, type Needs, OPENAPI_ACTIONS, storeActions } from '../../shared/deployment/needs.ts';
import { readSources } from '../../shared/deployment/verify-deployment.ts';
import { ROOT, readSources as readFiles } from '../support/source-files.ts';

const texts = (folder: string): string[] => readFiles(folder).map(({ text }) => text);

describe('what functions need, told by their code', () => {
  let needs: ReadonlyMap<string, Needs>;
  beforeAll(async () => {
    ({ needs } = await readSources(ROOT));
  });

  const withAction = (service: string): string[] =>
    [...needs].filter(([, { actions }]) => actions.some((action) => action.startsWith(service))).map(([name]) => name);
  const withVariable = (variable: string): string[] =>
    [...needs].filter(([, { variables }]) => variables.includes(variable)).map(([name]) => name);

  it('is known for every function', () => {
    expect(needs.size).toBe(16);
  });

  it('differs where functions differ', () => {
    expect(needs.get('ingest')).toEqual({
      sendsTo: ['events'],
      actions: [],
      invokes: false,
      variables: expect.not.arrayContaining(['FENGHUO_SECRET_KEY', 'FENGHUO_WEBHOOK_ALLOW', 'FENGHUO_CONSOLE_URL']),
    });
    expect(needs.get('match')?.sendsTo).toEqual(['events', 'notifications']);
    expect(needs.get('fanout')?.sendsTo).toEqual(['notifications', 'deliver-*']);
    expect(withVariable('FENGHUO_TOKEN').sort()).toEqual(['console', 'ingest', 'notify-message']);
    expect(withVariable('FENGHUO_FC_ENDPOINT')).toEqual(['console']);
    expect(withVariable('FENGHUO_WEBHOOK_ALLOW')).not.toContain('deliver-inbox');
  });

  it('names who may send text messages, call, and ask Security Center', () => {
    expect(withAction('dysms:').sort()).toEqual(['console', 'deliver-sms', 'notify-message']);
    expect(withAction('dyvms:').sort()).toEqual(['console', 'deliver-voice', 'notify-message']);
    expect(withAction('yundun-sas:').sort()).toEqual(['console', 'overview', 'sweep']);
  });

  it('knows the permission of every OpenAPI that is called', () => {
    const called = [...texts('shared/channels'), ...texts('shared/stages')].flatMap((text) =>
      [...text.matchAll(/\baction: '(\w+)'|\bcallOf\(\w+, '(\w+)'/g)].map(([, one, other]) => one ?? other),
    );
    expect(called.length).toBeGreaterThan(4);
    expect([...new Set(called)].sort()).toEqual(Object.keys(OPENAPI_ACTIONS).sort());
  });

  it('knows every variable that a deployed function reads', () => {
    const readers = ['cloud-environment.ts', 'environment.ts'].map((file) =>
      readFileSync(join(ROOT, 'shared/runtime', file), 'utf8'),
    );
    const read = readers.flatMap((text) => [...text.matchAll(/'(FENGHUO_\w+)'/g)].map(([, name]) => name));
    expect([...new Set(read)].sort()).toEqual([...new Set(KNOWN_VARIABLES)].sort());
  });

  it('takes the permissions for the table store from the calls of its adapter', () => {
    expect([...storeActions(ROOT)].sort()).toEqual(['ots:BatchGetRow', 'ots:BatchWriteRow', 'ots:GetRange']);
  });
});
