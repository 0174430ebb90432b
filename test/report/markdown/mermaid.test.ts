import { describe, expect, it } from 'vitest';
import { capped } from '../../../src/report/markdown/capped.ts';
import { exposureChart } from '../../../src/report/markdown/mermaid.ts';

describe('a chart of exposure', () => {
  it('has a bar before and a point after for each feature, whose key cannot end it', () => {
    expect(exposureChart('Before and after', [{ feature: 'a"]\n```x', before: 10, after: 100 / 3 }])).toBe(
      '```mermaid\nxychart-beta\n  title "Before and after"\n  x-axis ["a??????x"]\n  y-axis "% of subjects" 0 --> 100\n  bar [10]\n  line [33.33]\n```\n',
    );
    expect(exposureChart('Nothing', [])).toBe('');
  });

  it('shows no more than can be read, and says so', () => {
    const bars = Array.from({ length: 30 }, (_, n) => ({ feature: `f${n}`, before: 0, after: n }));
    expect(exposureChart('Many', bars)).toContain('title "Many (the first 24 of 30)"');
  });
});

describe('markdown that must fit', () => {
  it('is left alone where it does', () => {
    expect(capped('a\nb', 3)).toBe('a\nb');
  });

  it('ends at the end of a line, never inside of what is folded or fenced, and counts bytes', () => {
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
