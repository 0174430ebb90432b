import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MARK, marked } from './marked.ts';

describe('a source with marked sentences', () => {
  it.each([
    [`return 'held by an incident';`, `return '§held by an incident';`],
    [`say(\`rolled back from \${from}%\`)`, `say(\`§rolled back from \${from}%\`)`],
    [`a(\`to \${x ? \`in #\${n}\` : ''}, when b\`)`, `a(\`§to \${x ? \`in #\${n}\` : ''}, when b\`)`],
    ['"not a string\\" that ends"', '"§not a string\\" that ends"'],
  ])('marking adds a mark to the sentence in %s', (source, result) => {
    expect(marked(source)).toBe(result);
  });

  it.each([
    `case 'no_steps':`,
    `import { words } from './words.ts';`,
    `// it is 'a comment' of ours`,
    `/** \`a comment\` too */`,
    `const list = names.join(', ');`,
    'return text.replace(/\\.$/, "");',
  ])('marking leaves %s unchanged', (source) => {
    expect(marked(source)).toBe(source);
  });

  it('every file of words with sentences can be marked, and nothing else in it changes', () => {
    const folder = new URL('../../../src/report/words/', import.meta.url);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const files = names
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const results = files.map(marked);
    expect(results.filter((text) => text.includes(MARK)).length).toBeGreaterThan(8);
    expect(results.map((text) => text.replaceAll(MARK, ''))).toEqual(files);
  });
});
