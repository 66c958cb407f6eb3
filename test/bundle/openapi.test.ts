import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../contract/channel-server.ts';

const ADAPTER = fileURLToPath(new URL('../../shared/adapters/aliyun/openapi.ts', import.meta.url));

/** Calls once and prints the answer. */
const PROBE = `
const { createOpenApi } = require(process.argv[1]);
const credentials = () => Promise.resolve({ accessKeyId: 'a', accessKeySecret: 'b' });
const request = { endpoint: 'x', action: 'SendSms', version: '2017-05-25', params: { SignName: '某' }, timeoutMs: 20000 };
createOpenApi({ endpoint: process.argv[2], credentials }).call(request).then((answer) => console.log(JSON.stringify(answer)));
`;

describe('the bundled client of OpenAPIs', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fenghuo-openapi-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('works as one file in a process of its own, without any package beside it', async () => {
    const outfile = join(folder, 'openapi.cjs');
    await build({
      entryPoints: [ADAPTER],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
    });
    const server = await startServer(() => ({ body: '{"Code":"OK"}' }));
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROBE, outfile, server.base], {
      cwd: folder,
    });
    await server.close();
    expect(JSON.parse(stdout)).toEqual({ status: 200, body: { Code: 'OK' } });
    expect(server.received[0]?.body.toString()).toBe('SignName=%E6%9F%90');
  });
});
