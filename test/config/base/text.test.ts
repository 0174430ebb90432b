import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { said } from '../said.ts';

const SOUND = 'version: 1\nfeatures:\n  checkout: { percentage: 101 }\n';

function bytes(...parts: (string | number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}

describe('the bytes of a file', () => {
  test('a file may come as bytes or as text', () => {
    expect(said(Buffer.from(SOUND))).toBe(said(SOUND));
  });

  test('a file may begin with a byte order mark, which moves no column', () => {
    expect(said(`\ufeffversion: 3\nfeatures: {}\n`)).toBe('1:10 version is 3; this program reads version 1');
    expect(said(bytes([0xef, 0xbb, 0xbf], SOUND))).toBe(said(SOUND));
  });

  test('a file may end lines with CRLF, which moves no line', () => {
    expect(said(SOUND.replaceAll('\n', '\r\n'))).toBe(said(SOUND));
  });

  test('a file may lack the last line end', () => {
    expect(said(SOUND.trimEnd())).toBe(said(SOUND));
  });

  const control = 'YAML allows it only as an escape in double quotes';

  test.each([
    [
      'a NUL',
      bytes('version: 1\n', [0x61, 0x00]),
      '2:2 the file has a NUL character: it is not a text file, or not in UTF-8',
    ],
    ['an image', bytes([0x89, 0x50, 0x4e, 0x47]), '1:1 the file is not valid UTF-8: byte 1 is 0x89'],
    ['Latin-1', bytes('version: 1\n# caf', [0xe9], '\n'), '2:6 the file is not valid UTF-8: byte 17 is 0xE9'],
    [
      'half a character',
      bytes('a: 1 # ', [0xe2, 0x82]),
      '1:8 the file is not valid UTF-8: it ends within a character',
    ],
    ['UTF-16', Buffer.from(`\ufeff${SOUND}`, 'utf16le'), '1:1 the file is UTF-16; save it as UTF-8'],
    [
      'an escape sequence',
      'a: 1\n# \u001b[31m\n',
      `2:3 the file has the unprintable character U+001B; ${control}`,
    ],
    [
      'half a surrogate pair',
      'a: 1\n# \ud800\n',
      `2:3 the file has the unprintable character U+D800; ${control}`,
    ],
    [
      'an old line end',
      'version: 1\rfeatures: {}\r',
      '1:11 the file has a carriage return without a line feed; end lines with LF or CRLF',
    ],
    ['nothing', '', '1:1 the file is empty; it begins with version: 1'],
    ['blanks', ' \n\n  \n', '1:1 the file is empty; it begins with version: 1'],
    ['a byte order mark', '\ufeff', '1:1 the file is empty; it begins with version: 1'],
  ])('a file that has %s is refused', (_, input, message) => {
    expect(said(input)).toBe(message);
    expect(parseConfig(input).config).toBeNull();
  });

  test('a file of more than 5 MiB is refused before it is read', () => {
    const comment = `# ${'x'.repeat(5 * 1024 * 1024)}\n`;
    expect(said(comment + SOUND)).toBe('1:1 the file has 5.01 MiB; at most 5 MiB are read');
    expect(said(Buffer.alloc(6 * 1024 * 1024))).toBe('1:1 the file has 6.00 MiB; at most 5 MiB are read');
  });

  test('a file of exactly 5 MiB is read, counted in bytes and not in characters', () => {
    const room = 5 * 1024 * 1024 - Buffer.byteLength(SOUND) - '# \n'.length;
    expect(said(`# ${'é'.repeat(room / 2)}${room % 2 ? 'x' : ''}\n${SOUND}`)).toBe(
      '4:27 percentage is 101; it must be from 0 to 100',
    );
    expect(said(`# ${'é'.repeat(room / 2 + 1)}\n${SOUND}`)).toMatch(/^1:1 the file has/);
  });
});

describe('a file meant to exhaust the reader', () => {
  test.each([
    ['open brackets', `a: ${'['.repeat(1_000_000)}`],
    ['closed brackets', `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['dashes', '- '.repeat(1_000_000)],
    ['braces', '{a: '.repeat(1_000_000)],
    ['question marks', '? '.repeat(1_000_000)],
  ])('a file that nests %s is refused at level 40', (_, text) => {
    expect(said(text)).toMatch(/^1:\d+ nested more than 40 levels deep$/);
  });

  test('aliases of aliases are refused without expanding them', () => {
    const letters = [...'abcdefghij'];
    const rows = letters.map((letter, i) => {
      const inner = i === 0 ? 'lol' : `*${letters[i - 1]}`;
      return `${letter}: &${letter} [${Array(9).fill(inner).join(', ')}]`;
    });
    const { config, problems } = parseConfig(`version: 1\n${rows.join('\n')}\nfeatures: {}\n`);
    expect(config).toBeNull();
    expect(problems.some(({ message }) => message.startsWith('aliases (*a) are not supported'))).toBe(true);
  });

  test('a file of millions of commas is refused before anything is built from them', () => {
    expect(said(`[${','.repeat(4_000_000)}]`)).toBe(
      '1:3000001 more than 3000000 words and signs up to here; this is not a rollout file',
    );
  });
});

test('a Git LFS pointer is recognised, and the problem says what to do', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 120\n`;
  expect(said(pointer)).toMatch(
    /^1:1 the file is a Git LFS pointer, not the file itself; .*\.gitattributes$/,
  );
  expect(said(SOUND)).not.toContain('LFS');
});
