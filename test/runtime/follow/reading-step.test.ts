import { describe, expect, it } from 'vitest';
import { readingStep } from '../../../src/runtime/follow/reading-step.ts';

const KNOWN = { generation: 7, server: 'a' };
const PLAIN = { whole: false, refused: false, leaves: false };

describe('what a reading asks of the registry', () => {
  it.each([
    [
      'nothing where the reading is the one before',
      KNOWN,
      { generation: 7, server: 'a' },
      PLAIN,
      null,
      false,
    ],
    ['a later look after another generation', KNOWN, { generation: 8, server: 'a' }, PLAIN, 'soon', false],
    [
      'a later look from another run of the server',
      KNOWN,
      { generation: 7, server: 'b' },
      PLAIN,
      'soon',
      true,
    ],
    [
      'a later look after every feature was read anew',
      KNOWN,
      { generation: 7, server: 'a' },
      { ...PLAIN, whole: true },
      'soon',
      true,
    ],
    [
      'a look at once, without waiting, where the history is another one',
      KNOWN,
      { generation: 3, server: 'a' },
      { ...PLAIN, whole: true, leaves: true },
      'beside',
      true,
    ],
    [
      'the registry before the first decision',
      { generation: null, server: null },
      { generation: 7, server: 'a' },
      { ...PLAIN, whole: true },
      'before',
      true,
    ],
    [
      'the registry before the first decision after a refusal',
      KNOWN,
      { generation: 7, server: 'a' },
      { ...PLAIN, refused: true },
      'before',
      false,
    ],
    [
      'the registry again where the first reading of it failed',
      { generation: null, server: 'a' },
      { generation: 7, server: 'b' },
      PLAIN,
      'before',
      true,
    ],
  ] as const)('a reading asks for %s', (_name, known, read, about, registry, forgetsPlace) => {
    expect(readingStep(known, read, about)).toEqual({ registry, forgetsPlace });
  });
});
