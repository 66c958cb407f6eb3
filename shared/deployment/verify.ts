import { fileURLToPath } from 'node:url';
import { findingLine } from './finding.ts';
import { readSources, verifyDeployment } from './verify-deployment.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The longest name of a stage with which every name keeps within its limits: the instance has 16 characters. */
const LONGEST_STAGE = 'pre12345';

const findings = await (async () => {
  const sources = await readSources(ROOT);
  const dev = await verifyDeployment(ROOT, sources, { bundles: true });
  const longest = await verifyDeployment(ROOT, sources, { variables: { FENGHUO_STAGE: LONGEST_STAGE } });
  const lines = new Set([...dev, ...longest].map(findingLine));
  return [...lines];
})();

for (const line of findings) process.stderr.write(`${line}\n`);
process.stdout.write(findings.length === 0 ? 's.yaml and its template are sound.\n' : `${findings.length} findings.\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
