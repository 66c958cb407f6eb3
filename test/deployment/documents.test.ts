import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ingestKeyOf } from '../../shared/console/access.ts';
import { textOfTracked } from '../support/tracked-files.ts';

const operations = textOfTracked('docs/operations.md');
const deployment = operations.slice(operations.indexOf('## On Alibaba Cloud'));

describe('the triggers of the queues', () => {
  it('hand over at once what waits: none gathers messages for a time', () => {
    const windows = [...textOfTracked('s.yaml').matchAll(/TimeBasedWindow: (\d+)/g)].map(([, seconds]) => seconds);
    expect(windows).toEqual(['0']);
    const queues = [...textOfTracked('s.yaml').matchAll(/eventSourceType: MNS/g)];
    const shared = [...textOfTracked('s.yaml').matchAll(/runOptions: (?:&run|\*run)$/gm)];
    expect(shared).toHaveLength(queues.length);
  });
});

describe('the pages about the deployment', () => {
  it('give a command that prints the ingest key of a token', () => {
    const [, command = ''] = /^node -p "(.*)"$/m.exec(deployment) ?? [];
    const env = { ...process.env, FENGHUO_TOKEN: 'a-token-of-this-test' };
    const printed = execFileSync(process.execPath, ['-p', command], { env, encoding: 'utf8' }).trim();
    expect(printed).toBe(ingestKeyOf(env.FENGHUO_TOKEN));
  });

  it('name every variable that the deployment file reads', () => {
    const read = [...textOfTracked('s.yaml').matchAll(/env\('(FENGHUO_\w+)'/g)].map(([, name = '']) => name);
    const told = `${deployment}${textOfTracked('README.md')}${textOfTracked('docs/decisions/0023-deployment.md')}`;
    expect(new Set(read).size).toBeGreaterThan(10);
    expect([...new Set(read)].filter((name) => !told.includes(name))).toEqual([]);
  });

  it('say how many instances are reserved', () => {
    const reserved = [...textOfTracked('s.yaml').matchAll(/reservedConcurrency: (\d+)/g)].map(([, count]) =>
      Number(count),
    );
    const sum = reserved.reduce((total, count) => total + count, 0);
    expect(deployment).toContain(`${sum} are reserved in s.yaml`);
    expect(textOfTracked('docs/decisions/0023-deployment.md')).toContain(`${sum} of the 100`);
  });
});
