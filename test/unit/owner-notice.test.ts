import { describe, expect, it } from 'vitest';
import { documentOf } from '../../shared/channels/notice-document.ts';
import type { Health } from '../../shared/domain/health.ts';
import { ownerNotices } from '../../shared/stages/owner-notice.ts';
import { aTarget, NOW_MS } from '../fixtures/providers/notice.ts';

const target = aTarget();
const health: Health = {
  target: target.key,
  channel: 'dingtalk',
  sinceMs: NOW_MS,
  code: '300001',
  cause: 'url',
  text: 'token is not exist',
  fix: { en: 'Paste the webhook address of the robot again.', zh: '请重新粘贴机器人的 Webhook 地址。' },
  settings: 'x',
  told: true,
  tries: 0,
  nextTryAtMs: NOW_MS,
  opens: true,
};
const owner = aTarget({ key: 'email:boss', channel: 'email', name: 'contact boss', language: 'en' });
const reader = { ...owner, key: 'email:reader', language: 'zh' as const };

const linesOf = (index: number, changes: Partial<Health> = {}): string[] => {
  const delivery = ownerNotices([owner, reader], target, { ...health, ...changes })[index]!;
  const document = documentOf({ id: delivery.id, digest: delivery.digest, language: delivery.language }, 'UTC');
  const fields = document.blocks.flatMap((block) => (block.kind === 'field' ? [`${block.label}: ${block.value}`] : []));
  return [document.title, ...fields];
};

describe('the message to the owner of a dead endpoint', () => {
  it('says in English what happened, what the provider said and what to do', () => {
    const lines = linesOf(0);
    expect(lines[0]).toBe(`[High] Fenghuo · DingTalk endpoint switched off: ${target.name}`);
    expect(lines).toContain('The provider said: 300001: token is not exist');
    expect(lines).toContain('What to do: Paste the webhook address of the robot again.');
    expect(lines.join('\n')).toContain('a test message that arrives switches it on at once');
  });

  it('says the same in Chinese', () => {
    const lines = linesOf(1);
    expect(lines[0]).toContain(`烽火 · 钉钉端点已停用：${target.name}`);
    expect(lines).toContain('处理办法: 请重新粘贴机器人的 Webhook 地址。');
  });

  it('names the robot of a pool by its position, and never an address', () => {
    expect(linesOf(0, { member: 2 })[0]).toContain(`${target.name}, robot 2`);
    expect(linesOf(1, { member: 2 })[0]).toContain('第 2 个机器人');
    expect(JSON.stringify(ownerNotices([owner], target, health))).not.toContain(target.address);
  });

  it('has the same id for the same time that it was switched off, another for another time, robot or owner', () => {
    const idOf = (changes: Partial<Health>) => ownerNotices([owner], target, { ...health, ...changes })[0]!.id;
    expect(idOf({ tries: 3 })).toBe(idOf({}));
    const ids = [
      idOf({}),
      idOf({ sinceMs: NOW_MS + 1 }),
      idOf({ member: 2 }),
      ownerNotices([reader], target, health)[0]!.id,
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it('never goes to the dead endpoint itself', () => {
    expect(ownerNotices([target], target, health)).toEqual([]);
  });
});
