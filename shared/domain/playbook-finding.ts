import type { Bilingual } from './event.ts';
import type { PlaybookNode } from './playbook.ts';

/** How much a finding matters, in the words of the vendor. Source: sophonsoar, VerifyPlaybook, `CheckTaskInfos`. */
export type RiskLevel = 'error' | 'warn' | 'remind';

/** One thing about a playbook that its author should know. */
export interface PlaybookFinding {
  code: string;
  /** Name of the node, else its id; empty when it is about the whole playbook. */
  node: string;
  riskLevel: RiskLevel;
  detail: Bilingual;
  /** The playbook cannot be run at all. */
  stops?: true;
}

/** What people call a node. */
export const nameOfNode = ({ name, id }: Pick<PlaybookNode, 'name' | 'id'>): string => name || id;

/** A finding without which the playbook runs. */
export const finding = (
  riskLevel: RiskLevel,
  code: string,
  about: { node: string; detail: Bilingual },
): PlaybookFinding => ({ code, ...about, riskLevel });

/** A finding that keeps the playbook from being run. */
export const stopping = (code: string, about: { node: string; detail: Bilingual }): PlaybookFinding => ({
  ...finding('error', code, about),
  stops: true,
});
