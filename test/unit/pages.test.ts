import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { consolePage, PAGE_POLICY, signInPage } from '../../shared/console/page.ts';
import { PAGE_SCRIPT } from '../../shared/console/page-script.ts';
import { CAUSES, deliveryStateSchema } from '../../shared/domain/delivery.ts';
import { LEVELS } from '../../shared/domain/level.ts';
import { SANDBOX_PAGE } from '../../shared/local/sandbox/page.ts';

/** The words of one language as the script spells them: a name twice would silently be the second one. */
const wordsIn = (language: 'en' | 'zh'): string[] => {
  const block = new RegExp(`  ${language}: \\{(.*?)\\}`, 's').exec(PAGE_SCRIPT)?.[1] ?? '';
  return [...block.matchAll(/(\w+): '/g)].map(([, name]) => name ?? '');
};

describe('the page for people', () => {
  it.each(['en', 'zh'] as const)('spells every word of %s once', (language) => {
    const words = wordsIn(language);
    expect(words.length).toBeGreaterThan(25);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });

  it('has every word that it asks for in both languages', () => {
    const asked = [...PAGE_SCRIPT.matchAll(/word\('(\w+)'\)/g)].map(([, name]) => name ?? '');
    expect(asked.length).toBeGreaterThan(10);
    for (const language of ['en', 'zh'] as const) {
      const words = wordsIn(language);
      expect(asked.filter((name) => !words.includes(name))).toEqual([]);
    }
  });

  it('calls levels, causes, stages and states by Chinese words', () => {
    const words = wordsIn('zh');
    const stages = ['ingest', 'match', 'fanout', 'deliver', 'sweep'];
    const needed = [...LEVELS, ...CAUSES, ...stages, ...deliveryStateSchema.shape.status.options];
    expect(needed.filter((name) => !words.includes(name))).toEqual([]);
  });

  it.each([
    [200, '/sandbox', false],
    [404, undefined, true],
  ])('links to the fake providers only when they answer: %i', async (status, href, hidden) => {
    expect(consolePage.replace(PAGE_SCRIPT, '')).not.toContain('/sandbox');
    const nodes = new Map<string, Record<string, unknown>>();
    const node = (id: string) => {
      const known = nodes.get(id) ?? {
        hidden: true,
        addEventListener: () => undefined,
        replaceChildren: () => undefined,
      };
      nodes.set(id, known);
      return known;
    };
    const fetched: string[] = [];
    runInNewContext(PAGE_SCRIPT, {
      document: { getElementById: node, documentElement: {} },
      localStorage: { getItem: () => 'en' },
      location: { search: '' },
      URLSearchParams,
      setInterval: () => undefined,
      fetch: async (path: string) => {
        fetched.push(path);
        return path === '/sandbox' ? { status, ok: status === 200 } : { status: 401 };
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(fetched).toContain('/sandbox');
    expect(node('sandbox')).toMatchObject({ hidden });
    expect(node('sandbox').href).toBe(href);
  });

  it('runs nothing but its own script', () => {
    for (const page of [consolePage, signInPage]) expect(page).not.toMatch(/ on\w+=|https?:\/\/|src=/);
    expect(PAGE_POLICY).not.toContain('unsafe');
  });

  it.each([consolePage, SANDBOX_PAGE])('names a font with Chinese characters for Linux too', (page) => {
    expect(page).toContain('"Noto Sans CJK SC"');
    expect(page).toContain('width=device-width');
  });

  it('inserts markup of the server alone', () => {
    expect(PAGE_SCRIPT).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write/);
    expect(SANDBOX_PAGE.match(/innerHTML = (\S+);/g)).toEqual(['innerHTML = m.html;']);
  });
});
