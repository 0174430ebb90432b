// Draws messages, comments and test names at random, for a person to judge what the project reads like.
//
//   npx tsx scripts/draw-words.ts [seed] [number of each]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const [seed = 1, count = 30] = process.argv.slice(2).map(Number);

/** A text, and where it stands. */
interface Found {
  place: string;
  text: string;
}

const MESSAGE = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;
const COMMENT = /\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*\/\/.*\n)+)/gm;
const TEST = /\b(?:it|test)(?:\.\w+\([^)]*\))*\(\s*(?:\n\s*)?(['`])((?:(?!\1)[^\\]|\\.)*)\1/g;
/** SQL, code and selectors are no words for people. */
const CODE = /^\s*(select|insert|update|delete|with|create|import|<)\b|::|=>|^\s*[.#[]/i;

const sources = sourcesIn('src').filter(({ place }) => !place.endsWith('schema-types.ts'));
const drawOne = randomOf(seed);
console.log(`seed ${seed}, ${count} of each`);
print('messages', sources.flatMap(messagesOf));
print('comments', sources.flatMap(commentsOf));
print('test names', sourcesIn('test').flatMap(testNamesOf));

function print(kind: string, all: Found[]): void {
  console.log(`\n${kind} (of ${all.length})`);
  for (let left = Math.min(count, all.length); left > 0; left--) {
    const [one] = all.splice(Math.floor(drawOne() * all.length), 1);
    if (one) console.log(`- ${one.text}  [${one.place}]`);
  }
}

function sourcesIn(folder: string): Found[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({ place: join(folder, name), text: readFileSync(join(ROOT, folder, name), 'utf8') }));
}

function messagesOf(source: Found): Found[] {
  const code = source.text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));
  return found(source, code.matchAll(MESSAGE), ([, quoted, template]) => quoted ?? template ?? '').filter(
    ({ text }) => (text.match(/\p{L}{2,}/gu) ?? []).length >= 5 && !CODE.test(text),
  );
}

function commentsOf(source: Found): Found[] {
  const clean = (text: string) => text.replace(/^\s*(\*|\/\/) ?/gm, '').replace(/\s+/g, ' ');
  return found(source, source.text.matchAll(COMMENT), ([, block, lines]) => clean(block ?? lines ?? ''));
}

function testNamesOf(source: Found): Found[] {
  return found(source, source.text.matchAll(TEST), ([, , name]) => name ?? '');
}

function found(
  { place, text }: Found,
  matches: Iterable<RegExpMatchArray>,
  textOf: (match: RegExpMatchArray) => string,
): Found[] {
  return [...matches].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    return { place: `${place}:${line}`, text: textOf(match).trim().replace(/\s+/g, ' ') };
  });
}

/** Numbers from 0 to 1, the same for each seed. */
function randomOf(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
