import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { DEPLOYMENT_FILE, type Finding, TEMPLATE_FILE } from '../../shared/deployment/finding.ts';
import { type Sources, type VerifyOptions, verifyDeployment } from '../../shared/deployment/verify-deployment.ts';
import { ROOT } from './source-files.ts';

// biome-ignore lint/suspicious/noExplicitAny: a mistake may be anything, anywhere.
type Loose = any;

/** The deployment file and its template as objects, to make mistakes in. */
export interface DeploymentObjects {
  file: Loose;
  template: Loose;
}

const read = (file: string): Loose => JSON.parse(JSON.stringify(parse(readFileSync(join(ROOT, file), 'utf8'))));

const write = (folder: string, file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};

/** A folder of its own with the real files, after a change. */
export const deploymentFolder = (change: (objects: DeploymentObjects) => void): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fenghuo-deployment-'));
  const objects = { file: read(DEPLOYMENT_FILE), template: read(TEMPLATE_FILE) };
  change(objects);
  write(folder, DEPLOYMENT_FILE, stringify(objects.file, { aliasDuplicateObjects: false }));
  write(folder, TEMPLATE_FILE, stringify(objects.template, { aliasDuplicateObjects: false }));
  return folder;
};

/** What the verification finds after a change of the real files. */
export const findingsAfter = async (
  sources: Sources,
  change: (objects: DeploymentObjects) => void,
  options?: VerifyOptions,
): Promise<readonly Finding[]> => {
  const folder = deploymentFolder(change);
  try {
    return await verifyDeployment(folder, sources, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
