import { describe, expect, it } from 'vitest';
import { escapeMarkdown, planMarkdown } from '../../../src/report/markdown/plan-markdown.ts';
import { change, created, HOSTILE, held, planLike, problem, refused } from '../../helpers/data/changes.ts';

describe('a plan as markdown', () => {
  it('a plan in markdown has a line of totals, a table of the changes, and warnings and problems below', () => {
    expect(
      planMarkdown(
        planLike({
          changes: [refused, created, held, change()],
          problems: [problem(), problem({ severity: 'warning' })],
        }),
      ),
    ).toMatchInlineSnapshot(`
      "**2 changes** · 1 held · 1 refused · 188 in, 0 out · at \`0123456789\`

      | feature | what | from | to | in | out | why |
      | --- | --- | ---: | ---: | ---: | ---: | --- |
      | \`broken\` | refused | 5% | 5% | ? | ? | left as it is: line 9: percentage is 101; it must be from 0 to 100 |
      | \`fresh\` | create | off | 0% | 1 | 0 | new in the file: 0% |
      | \`held_back\` | held | stopped | stopped (file: 50%) | ? | ? | held by incident 7 since 2026-11-20T08:00:00.000Z: errors 12% &gt; 5%; to end it, merge the write-back or run: rollout resume held\\_back --reason ... |
      | \`new_checkout\` | update | 10% | 25% | 187 | 0 | percentage 10 -&gt; 25 |

      - :warning: \`fresh\`: no customer named acme/nobody \\(misspelled, or not imported yet\\)
      - :x: line 9: percentage is 101; it must be from 0 to 100
      - :warning: line 9: percentage is 101; it must be from 0 to 100
      "
    `);
    expect(planMarkdown(planLike({ changes: [], revision: null }))).toBe('**0 changes** · 0 in, 0 out\n');
  });

  it('a plan in markdown says above the table that everything is stopped', () => {
    expect(
      planMarkdown(planLike({ global_stop: '<all> hands' }))
        .split('\n')
        .slice(1, 5),
    ).toEqual([
      '',
      ':octagonal_sign: everything is stopped (&lt;all&gt; hands): nobody is in',
      '',
      expect.stringContaining('| feature |'),
    ]);
  });

  it('a plan in markdown names added and removed test repositories, as text', () => {
    const test_repositories = { added: ['acme/a_b', '@x/<y>'], removed: ['acme/c', 'd', 'e', 'f'] };
    expect(planMarkdown(planLike({ changes: [], test_repositories }))).toContain(
      '- `test_repositories`: \\+acme/a\\_b, \\+@\u200bx/&lt;y&gt;, -acme/c, -d, -e and 1 more\n',
    );
  });

  it('a plan in markdown has one row per change and eight borders per row, whatever the reason says', () => {
    const reasons = ['a | b', 'a\n| b | c |', '`code` | \\| \\', '<td>', '|'.repeat(20), ...HOSTILE];
    const lines = planMarkdown(
      planLike({ changes: reasons.map((error) => change({ reason: { code: 'database_refused', error } })) }),
    ).split('\n');
    const rows = lines.filter((line) => line.startsWith('|')).slice(2);
    expect(rows).toHaveLength(reasons.length);
    for (const row of rows) expect(row.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(8);
  });

  it('a plan in markdown shows a key as code that the key cannot leave', () => {
    expect(planMarkdown(planLike({ changes: [change({ feature: 'a`b|c<d>\n@e' })] }))).toContain(
      '| `a?b?c?d???e` |',
    );
  });
});

describe('text from people in markdown', () => {
  it.each([
    ['**bold** _and_ ~~struck~~', '\\*\\*bold\\*\\* \\_and\\_ \\~\\~struck\\~\\~'],
    ['[text](javascript:alert(1))', '\\[text\\]\\(javascript:alert\\(1\\)\\)'],
    ['![image](https://evil.example/x.png)', '\\!\\[image\\]\\(https\u200b://evil.example/x.png\\)'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert\\(1\\)&lt;/script&gt;'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    [
      'see http://a.example, HTTPS://b.example and ftp://c',
      'see http\u200b://a.example, HTTPS\u200b://b.example and ftp\u200b://c',
    ],
    ['www.evil.example', 'www\u200b.evil.example'],
    ['@acme/web and a@b.example', '@\u200bacme/web and a@\u200bb.example'],
    ['fixes #12, acme/web#3 and GH-4', 'fixes \\#\u200b12, acme/web\\#\u200b3 and GH\u200b-4'],
    ['a | b\n| c |', 'a \\| b \\| c \\|'],
    ['`rm -rf`', '\\`rm -rf\\`'],
    ['trailing \\', 'trailing \\\\'],
    ['$x^2$', '\\$x^2\\$'],
    ['plain: 10% -> 25%, ok.', 'plain: 10% -&gt; 25%, ok.'],
  ])('%j stays text in markdown', (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it.each(HOSTILE)('%j becomes one line of markdown without invisible characters', (hostile) => {
    expect(escapeMarkdown(hostile).replaceAll('\u200b', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('a person’s text in markdown is cut before it fills a comment', () => {
    expect(escapeMarkdown('|'.repeat(100_000)).length).toBeLessThan(3_000);
  });
});
