import { describe, expect, it } from 'vitest';
import { capped } from '../../../src/report/markdown/capped.ts';
import { exposureChart } from '../../../src/report/markdown/mermaid.ts';

describe('a chart of exposure', () => {
  it('the exposure chart has a bar before and a point after for each feature, and no key can end the chart', () => {
    expect(exposureChart('Before and after', [{ feature: 'a"]\n```x', before: 10, after: 100 / 3 }])).toBe(
      '```mermaid\nxychart-beta\n  title "Before and after"\n  x-axis ["a??????x"]\n  y-axis "% of subjects" 0 --> 100\n  bar [10]\n  line [33.33]\n```\n',
    );
    expect(exposureChart('Nothing', [])).toBe('');
  });

  it('the exposure chart shows at most 24 features and says how many there are', () => {
    const bars = Array.from({ length: 30 }, (_, n) => ({ feature: `f${n}`, before: 0, after: n }));
    expect(exposureChart('Many', bars)).toContain('title "Many (the first 24 of 30)"');
  });
});

describe('markdown that must fit', () => {
  it('markdown that fits is left alone', () => {
    expect(capped('a\nb', 3)).toBe('a\nb');
  });

  it('markdown that is too long ends at a line end, never inside a fold or a fence, measured in bytes', () => {
    const folded = '<details>\n<summary>x</summary>\n\nö\n\n</details>';
    const text = `äöü\n${folded}\n\`\`\`mermaid\nlong\n\`\`\`\nlast`;
    for (let limit = 0; limit < Buffer.byteLength(text); limit++) {
      const [kept = ''] = capped(text, limit).split('\n\n_');
      expect(text.startsWith(kept.trimEnd())).toBe(true);
      expect(kept.match(/<details>/g)?.length).toBe(kept.match(/<\/details>/g)?.length);
      expect((kept.match(/```/g)?.length ?? 0) % 2).toBe(0);
    }
    expect(capped(text, 10)).toBe('äöü\n\n_10 more lines did not fit here; all of it: `rollout plan`._');
  });
});
