import { describe, expect, it } from 'vitest';
import { logLine } from '../../../src/actions/runner/log-line.ts';

describe('a line of the log', () => {
  it.each([
    ['::add-mask::one', ': :add-mask::one'],
    ['  ::error::one', ': :error::one'],
    ['\t::error::one', '\\t::error::one'],
    ['\u2029::error::one', '\\u{2029}::error::one'],
    ['one ##[add-mask]two ###[debug]', 'one # #[add-mask]two ## #[debug]'],
    ['one\n::error::two', 'one\\n::error::two'],
    ['a::b and #1 [x]', 'a::b and #1 [x]'],
  ])('a log line never becomes a workflow command: %j', (text, line) => {
    expect(logLine(text)).toBe(line);
  });
});
