import { describe, expect, it } from 'vitest';
import { catalogueEntries, catalogueEntryOf, titleOf } from '../../shared/domain/catalogue.ts';
import { LEVELS, levelOf, levelOfWord } from '../../shared/domain/level.ts';
import { productNameOf, productOf } from '../../shared/domain/product.ts';
import { isChinese, readableOf } from '../../shared/domain/readable.ts';

const entries = catalogueEntries();
const rows = entries.flatMap((entry) =>
  entry.statuses.map(({ status, level }) => ({ ...entry, status, level, key: `${entry.product} ${entry.name}` })),
);

/** Chinese security alerts are names in Chinese, everything else must read without Chinese in English. */
describe('the catalogue', () => {
  it('holds every event name of the vendor lists', () => {
    const vendor = entries.filter((entry) => entry.statuses[0]?.status !== '');
    expect(new Set(vendor.map((entry) => `${entry.product} ${entry.name}`)).size).toBeGreaterThanOrEqual(268);
    expect(rows.filter((row) => row.status !== '').length).toBeGreaterThan(350);
  });

  it.each(rows.map((row) => [row.key, row.status, row] as const))(
    'titles %s %s in both languages',
    (_key, _status, row) => {
      const title = titleOf({ product: row.product, type: row.type, name: row.name, status: row.status });
      expect(title.en).toMatch(/^[A-Z]/);
      expect(isChinese(title.en)).toBe(false);
      expect(title.en).not.toMatch(/[~|=]/);
      expect(isChinese(title.zh)).toBe(true);
      expect(title.zh).not.toMatch(/[~|=]/);
      expect(title.en.length).toBeLessThan(90);
    },
  );

  it('gives different names of a product different titles', () => {
    const byTitle = new Map<string, string>();
    for (const { product, name, title } of entries) {
      const key = `${product}\n${title.en}\n${title.zh}`;
      expect(byTitle.get(key) ?? name, `${product} ${title.en}`).toBe(name);
      byTitle.set(key, name);
    }
  });

  it('gives different statuses of a maintenance event different titles', () => {
    const key = { product: 'ecs', type: '', name: 'Instance:SystemMaintenance.Reboot' };
    const statuses = catalogueEntryOf(key.product, key.name)?.statuses ?? [];
    const titles = statuses.map(({ status }) => titleOf({ ...key, status }).zh);
    expect(titles).toHaveLength(7);
    expect(new Set(titles).size).toBe(7);
  });

  it('reads as a person on call expects', () => {
    const reboot = {
      product: 'ecs',
      type: 'Maintenance',
      name: 'Instance:SystemMaintenance.Reboot',
      status: 'Scheduled',
    };
    expect(titleOf(reboot)).toEqual({
      en: 'Instance restart due to system maintenance (scheduled)',
      zh: '实例因系统维护重启（已计划）',
    });
    const port = { product: 'emr', type: 'Maintenance', name: 'Maintenance:HDFS.NameNode.OOM', status: 'Critical' };
    expect(titleOf(port)).toEqual({ en: 'HDFS NameNode out of memory', zh: 'HDFS NameNode 内存溢出' });
    const moved = { product: 'redis', type: '', name: 'Instance:SystemMaintenance.Transfer', status: 'Canceled' };
    expect(titleOf(moved).en).toBe('Instance migration due to system maintenance (canceled)');
  });

  it('knows the vendor level of a single status', () => {
    const entry = catalogueEntryOf('ecs', 'Instance:AccountUnbalanced.Stop');
    const levels = Object.fromEntries((entry?.statuses ?? []).map(({ status, level }) => [status, level]));
    expect(levels).toEqual({
      Avoided: 'INFO',
      Canceled: 'WARN',
      Executed: 'CRITICAL',
      Executing: 'CRITICAL',
      Failed: 'WARN',
      Scheduled: 'CRITICAL',
    });
  });

  it.each([
    'Incident',
    'Suspicious',
    'System-Baseline-cnt',
    'Cspm-cnt',
    'Agentless',
    'mfd SDK',
    'Vulnerability-cnt',
    'Vulnerability',
    'Rasp',
  ])('knows the Security Center type %s', (type) => {
    expect(catalogueEntryOf('sas', type)?.type).toBe(type);
  });
});

describe('titles of unknown names', () => {
  it('are readable and name the product', () => {
    expect(titleOf({ product: 'ecs', type: 'X', name: 'Disk:SlowIO.FooBar_baz', status: 'Executing' })).toEqual({
      en: 'ECS: Disk slow IO foo bar baz (in progress)',
      zh: '云服务器 ECS 事件：Disk slow IO foo bar baz（执行中）',
    });
  });

  it('keep a Chinese name as the Chinese title and name the kind in English', () => {
    expect(titleOf({ product: 'sas', type: 'Suspicious', name: '可疑的新玩意', status: 'unfix' })).toEqual({
      en: 'Security alert: 可疑的新玩意',
      zh: '可疑的新玩意',
    });
  });

  it('are never empty', () => {
    for (const name of ['', ':', '...', '__proto__', 'constructor']) {
      const title = titleOf({ product: '', type: '', name, status: '' });
      expect(title.en.length).toBeGreaterThan(3);
      expect(isChinese(title.zh)).toBe(true);
    }
  });
});

describe('readable names', () => {
  it.each([
    ['waf_event_ccattack', 'Waf event ccattack'],
    ['Instance:StateChange', 'Instance state change'],
    ['DiskBPSExceedDiskMaxLimit', 'Disk BPS exceed disk max limit'],
  ])('%s reads %s', (name, text) => expect(readableOf(name)).toBe(text));
});

describe('product codes', () => {
  it.each([
    ['ECS', 'ecs'],
    ['Server Load Balancer', 'slb'],
    ['ApsaraDB RDS', 'rds'],
    ['acs_rds_dashboard', 'rds'],
    ['acs.ebs', 'ebs'],
    ['acs:aliyuncvc', 'aliyuncvc'],
    ['ecs.aliyuncs.com', 'ecs'],
    ['ACS::OSS::Bucket', 'oss'],
    ['Cloud Security Center', 'sas'],
    ['云安全中心', 'sas'],
    ['SecurityCenter', 'sas'],
    ['security_center', 'sas'],
    ['AutoScaling', 'ess'],
    ['acs_kvstore', 'redis'],
    ['NewBGPDDoS', 'ddoscoo'],
    ['Cloud Monitor', 'cms'],
    ['Some New Thing', 'some-new-thing'],
    ['', 'unknown'],
    ['***', 'unknown'],
    ['__proto__', 'proto'],
  ])('%s is %s', (word, code) => expect(productOf(word)).toBe(code));

  it('have names in both languages, and their own word when nobody knows them', () => {
    expect(productNameOf('sas')).toEqual({ en: 'Security Center', zh: '云安全中心' });
    expect(productNameOf('foo')).toEqual({ en: 'foo', zh: 'foo' });
  });
});

describe('levels', () => {
  it.each([
    ['CRITICAL', 'critical'],
    ['Warn', 'medium'],
    ['serious', 'critical'],
    [' asap ', 'high'],
    ['nntf', 'low'],
    ['高危', 'high'],
  ])('%s is %s', (word, level) => expect(levelOf(word)).toBe(level));

  it('an unknown word is info but not a known one', () => {
    expect(levelOf('whatever')).toBe('info');
    expect(levelOfWord('whatever')).toBeUndefined();
    expect(levelOfWord('constructor')).toBeUndefined();
    expect(LEVELS.every((level) => levelOf(level) === level)).toBe(true);
  });
});
