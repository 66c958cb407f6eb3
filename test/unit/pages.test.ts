import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { CHANNEL_NAMES } from '../../shared/channels/registry.ts';
import { consolePage, PAGE_POLICY, signInPage } from '../../shared/console/page.ts';
import { PAGE_SCRIPT } from '../../shared/console/page-script.ts';
import { CAUSES, deliveryStateSchema } from '../../shared/domain/delivery.ts';
import { LEVELS } from '../../shared/domain/level.ts';
import { SANDBOX_PAGE, PAGE_POLICY as SANDBOX_POLICY } from '../../shared/local/sandbox/page.ts';
import { PAGE_SCRIPT as SANDBOX_SCRIPT } from '../../shared/local/sandbox/page-script.ts';
import { PAGE_WORDS } from '../../shared/local/sandbox/page-words.ts';
import { VERDICTS } from '../../shared/local/sandbox/verdict.ts';

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

  it.each(['en', 'zh'] as const)('calls every channel by its name in %s', (language) => {
    expect([...CHANNEL_NAMES].filter((name) => !wordsIn(language).includes(name))).toEqual([]);
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

  it.each([
    ['en', undefined, 'Canary: arrived'],
    ['zh', undefined, '自检消息: 已送达'],
    ['en', { since: '2026-01-05T08:00:00.000Z' }, 'Canary: MISSING'],
    ['en', 'none was ever sent', undefined],
  ])('says in one line how the canary stands: %s, %j', async (language, outage, text) => {
    const nodes = new Map<string, Record<string, unknown>>();
    const node = (id = ''): Record<string, unknown> => {
      const known = nodes.get(id) ?? { hidden: true, addEventListener: () => undefined };
      nodes.set(id, { replaceChildren: () => undefined, prepend: () => undefined, ...known });
      return nodes.get(id) ?? {};
    };
    const run = { status: 'arrived', sentAt: '2026-01-05T08:00:00.000Z', latencyMs: 1_234 };
    const canary = typeof outage === 'string' ? { runs: [] } : { runs: [run], outage };
    runInNewContext(PAGE_SCRIPT, {
      document: { getElementById: node, createElement: () => ({ prepend: () => undefined }), documentElement: {} },
      localStorage: { getItem: () => language },
      location: { search: '' },
      URLSearchParams,
      setInterval: () => undefined,
      fetch: async (path: string) => ({
        ok: true,
        status: 200,
        json: async () => (path === '/api/canary' ? canary : { items: [] }),
      }),
    });
    await new Promise((resolve) => setTimeout(resolve));
    expect(node('canary').hidden).toBe(text === undefined);
    if (text !== undefined) expect(node('canary').textContent).toMatch(new RegExp(`^${text}.*1\\.2 s$`));
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
    for (const script of [PAGE_SCRIPT, SANDBOX_SCRIPT])
      expect(script).not.toMatch(/(?:inner|outer)HTML =|insertAdjacentHTML|document\.write|setHTML|\beval\b/);
  });
});

describe('the page of the sandbox', () => {
  it('has every word that it asks for, in both languages, and asks for every word that it has', () => {
    const { en, zh } = PAGE_WORDS;
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    expect(Object.entries({ ...en, ...zh }).filter(([, text]) => text.trim() === '')).toEqual([]);
    const asked = [
      ...SANDBOX_SCRIPT.matchAll(/word\('(\w+)'\)/g),
      ...SANDBOX_PAGE.matchAll(/data-(?:t|label)="(\w+)"/g),
    ];
    expect(asked.length).toBeGreaterThan(40);
    expect(asked.map(([, name = '']) => name).filter((name) => !(name in en))).toEqual([]);
    const used =
      SANDBOX_PAGE.slice(SANDBOX_PAGE.indexOf('const at = ')) + SANDBOX_PAGE.slice(0, SANDBOX_PAGE.indexOf('<script>'));
    const made = VERDICTS.map((verdict) => `${verdict}Note`);
    expect(Object.keys(en).filter((name) => !made.includes(name) && !new RegExp(`\\b${name}\\b`).test(used))).toEqual(
      [],
    );
  });

  it('has a word for every verdict, and says what it means', () => {
    for (const verdict of VERDICTS)
      for (const words of Object.values<Record<string, string>>({ ...PAGE_WORDS })) {
        expect(words[verdict]).not.toBe('');
        expect(words[`${verdict}Note`]).toMatch(/[.。]$/);
      }
  });

  it('allows its own script and style by their hashes and nothing from elsewhere', () => {
    expect(SANDBOX_POLICY).not.toMatch(/unsafe|https?:|data:|\*/);
    for (const [tag, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ] as const) {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(SANDBOX_PAGE)?.[1] ?? '';
      const hash = createHash('sha256').update(text).digest('base64');
      expect(SANDBOX_POLICY).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(SANDBOX_PAGE).not.toMatch(/ on\w+=|(?:src|href)="(?!\/")[^#]|style="/);
  });
});
