import { describe, expect, it } from 'vitest';
import { GATEWAY_RULES, type OpenApiRule } from '../../shared/channels/openapi-rule.ts';
import { templateParamOf } from '../../shared/channels/sms/render.ts';
import { INTERNATIONAL_RULES } from '../../shared/channels/sms/reply-table-international.ts';
import { MAINLAND_RULES } from '../../shared/channels/sms/reply-table-mainland.ts';
import { ttsParamOf } from '../../shared/channels/voice/render.ts';
import { VOICE_RULES } from '../../shared/channels/voice/reply-table.ts';
import { namesIn } from '../../shared/local/sandbox/openapi-variables.ts';
import { aNotice, aTarget } from '../fixtures/providers/notice.ts';
import { textOfTracked } from '../support/tracked-files.ts';

const PAGES: readonly [string, readonly OpenApiRule[], object][] = [
  ['sms', [...MAINLAND_RULES, ...INTERNATIONAL_RULES, ...GATEWAY_RULES], templateParamOf(aNotice(), aTarget())],
  ['voice', [...VOICE_RULES, ...GATEWAY_RULES], ttsParamOf(aNotice(), aTarget())],
];

describe.each(PAGES)('the page of %s', (name, rules, variables) => {
  const page = textOfTracked(`docs/channels/${name}.md`);

  it('names every code, with what to do', () => {
    expect(rules.length).toBeGreaterThan(20);
    const codes = rules.flatMap((rule) => rule.codes);
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
    expect(rules.map(({ fix }) => fix.en).filter((fix) => !page.includes(fix))).toEqual([]);
  });

  it('gives a template with all of the variables that are sent, and no other', () => {
    const templates = page.split('\n').filter((line) => /^ {3}\S.*\$\{/.test(line) && !line.includes('|'));
    expect(templates).toHaveLength(1);
    for (const template of templates) expect(namesIn(template).toSorted()).toEqual(Object.keys(variables).toSorted());
  });
});
