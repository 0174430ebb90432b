import { createContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { compiled, Unfinished } from '../../src/cli/console/evaluate.ts';

const context = createContext({ later: async (value: unknown) => value });
const run = (code: string) => compiled(code).runInContext(context);

describe('what is typed', () => {
  it.each([
    ['1 + 1', 2],
    ['await later(3)', 3],
    ['(await later({ a: 4 })).a;', 4],
    ['[await later(1), await later(2)].length', 2],
  ])('the console evaluates %s to %j', async (code, value) => {
    expect(await run(code)).toEqual(value);
  });

  it.each([
    ['const one = await later(1)', 'one', 1],
    ['let { two, three = 3 } = await later({ two: 2 });', '[two, three]', [2, 3]],
    ['var [four] = [await later(4)]', 'four', 4],
    ['const five = 5', 'five', 5],
  ])('a declaration in the console is known afterwards: %s', async (code, asked, value) => {
    await run(code);
    expect(await run(asked)).toEqual(value);
  });

  it.each(['later(', '[1,', '{', '`a', 'await later(', 'const x = await later({', 'if (await later(1)) {'])(
    'the console waits for more after the unfinished line %s',
    (code) => {
      expect(() => compiled(code)).toThrow(Unfinished);
    },
  );

  it.each([')', 'x y', 'await later(1))', 'const = await 1'])(
    'the console reports a syntax error for %s',
    (code) => {
      expect(() => compiled(code)).toThrow(SyntaxError);
    },
  );
});
