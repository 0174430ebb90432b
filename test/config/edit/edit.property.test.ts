import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type Edit,
  editFeature,
  editTestRepositories,
  type ListEdit,
} from '../../../src/config/edit/edit.ts';
import { runs } from '../../helpers/run/runs.ts';
import { drawEntries, drawFeatures, FIELDS, type Fields, type Tape, tapes, writeFile } from '../layout.ts';

type Data = { features: Record<string, Record<string, unknown> | null>; test_repositories?: string[] };

const RUNS = { numRuns: runs(150, 400), endOnFailure: true };
const same = (a: string, b: string) => a === b || (a.includes('/') && a.toLowerCase() === b.toLowerCase());

function read(text: string): Data {
  return parse(text.replace('\ufeff', ''));
}

/** Lines without their line ends, so that a last line may gain one. */
function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}

/** What is in the first list and not in the second, counting how often. */
function without(items: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return items.filter((item) => {
    const at = rest.indexOf(item);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** The fewest lines that went and came: all others are kept, in their order. */
function difference(old: readonly string[], now: readonly string[]): { gone: string[]; come: string[] } {
  // kept[i][j]: how many lines old[i...] and now[j...] have in common, in order.
  const kept = old
    .map(() => new Array<number>(now.length + 1).fill(0))
    .concat([new Array(now.length + 1).fill(0)]);
  const at = (i: number, j: number) => kept[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const row = kept[i] ?? [];
      row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const [gone, come]: [string[], string[]] = [[], []];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (old[i] === now[j]) [i, j] = [i + 1, j + 1];
    else if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) gone.push(old[i++] ?? '');
    else come.push(now[j++] ?? '');
  }
  return { gone, come };
}

function commentsIn(text: string): string[] {
  return text.match(/# note \d+\./g) ?? [];
}

/** The lines that went and came; line ends and byte order mark are as before. */
function expectFewLines(before: string, after: string): { gone: string[]; come: string[] } {
  expect(/\r\n/.test(after)).toBe(/\r\n/.test(before) && linesOf(after).length > 1);
  if (before.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  expect(after.startsWith('\ufeff')).toBe(before.startsWith('\ufeff'));
  return difference(linesOf(before), linesOf(after));
}

interface Drawn {
  tape: Tape;
  text: string;
  feature: string;
  fields: Fields;
  spans: Map<string, [number, number]>;
}

function drawn(run: (file: Drawn) => void): void {
  fc.assert(
    fc.property(tapes, (tape) => {
      const features = drawFeatures(tape);
      const { text, spans } = writeFile(tape, features, tape.flag() ? drawEntries(tape) : null);
      const feature = tape.pick('checkout', ...Object.keys(features));
      try {
        run({ tape, text, feature, fields: features[feature] ?? {}, spans });
      } catch (cause) {
        throw new Error(`in the file\n${text}`, { cause });
      }
    }),
    RUNS,
  );
}

function draw(tape: Tape, name: string): string | number | boolean {
  return FIELDS[name]?.(tape) as string | number | boolean;
}

function expectOnly(before: string, after: string, change: (data: Data) => void): void {
  const expected = read(before);
  change(expected);
  expect(read(after)).toEqual(expected);
}

describe('whatever the layout of the file', () => {
  test('in any layout, setting a field changes that field, at most one line and no comment', () => {
    drawn(({ tape, text, feature }) => {
      const name = tape.pick('percentage', 'active', 'emergency_stop', 'owner', 'description', 'salt');
      const value = draw(tape, name);
      const edit: Edit = { kind: 'set', path: [name], value };
      const after = editFeature(text, feature, [edit]);
      expectOnly(text, after, (data) => {
        data.features[feature] = { ...data.features[feature], [name]: value };
      });
      const { gone, come } = expectFewLines(text, after);
      expect(gone.length).toBeLessThanOrEqual(1);
      expect(come.length).toBeLessThanOrEqual(1);
      expect(commentsIn(after)).toEqual(commentsIn(text));
      expect(editFeature(after, feature, [edit])).toBe(after);
    });
  });

  test('in any layout, setting a number or a flag to another value and back gives the same bytes', () => {
    drawn(({ tape, text, feature, fields }) => {
      const name = tape.pick('percentage', 'active', 'emergency_stop');
      const old = fields[name];
      if (old === undefined) return;
      const there = editFeature(text, feature, [{ kind: 'set', path: [name], value: draw(tape, name) }]);
      expect(editFeature(there, feature, [{ kind: 'set', path: [name], value: old as number }])).toBe(text);
    });
  });

  test('in any layout, setting a field within a map sets that field and keeps its neighbours', () => {
    drawn(({ tape, text, feature }) => {
      const name = tape.pick('max_error_rate', 'minimum_jobs', 'warning_error_rate');
      const value = tape.below(100);
      const after = editFeature(text, feature, [{ kind: 'set', path: ['thresholds', name], value }]);
      expectOnly(text, after, (data) => {
        const thresholds = (data.features[feature]?.thresholds ?? {}) as object;
        data.features[feature] = { ...data.features[feature], thresholds: { ...thresholds, [name]: value } };
      });
      const { gone, come } = expectFewLines(text, after);
      expect(gone.length).toBeLessThanOrEqual(1);
      expect(come.length).toBeLessThanOrEqual(1);
      expect(commentsIn(after)).toEqual(commentsIn(text));
    });
  });

  test('in any layout, removing a key removes its lines and nothing else', () => {
    drawn(({ tape, text, feature, fields, spans }) => {
      const name = tape.pick('percentage', ...Object.keys(FIELDS));
      const after = editFeature(text, feature, [{ kind: 'remove', path: [name] }]);
      expectOnly(text, after, (data) => {
        if (data.features[feature]) delete data.features[feature]?.[name];
      });
      if (fields[name] === undefined) expect(after).toBe(text);
      const { gone, come } = expectFewLines(text, after);
      const [start, end] = spans.get(`${feature}.${name}`) ?? [0, 0];
      expect(gone.length).toBeLessThanOrEqual(end - start + 2);
      expect(come.length).toBeLessThanOrEqual(1);
      const own = commentsIn(
        linesOf(text)
          .slice(start, end + 1)
          .join('\n'),
      );
      const lost = without(commentsIn(text), commentsIn(after));
      expect(without(lost, own)).toEqual([]);
    });
  });

  test.each(['whitelist', 'blacklist', 'test_repositories'] as const)(
    'in any layout, adding to %s adds the missing entries',
    (list) => {
      drawn(({ tape, text, feature }) => {
        const added = drawEntries(tape);
        const edit = { kind: 'add_entries', list, entries: added } as const;
        const after = editList(text, feature, edit);
        const old = listIn(read(text), feature, list) ?? [];
        const missing = added.filter((item) => !old.some((other) => same(item, other)));
        expectOnly(text, after, (data) => {
          if (missing.length > 0) putList(data, feature, list, [...old, ...missing]);
        });
        const { gone, come } = expectFewLines(text, after);
        expect(gone.length).toBeLessThanOrEqual(1);
        expect(come.length).toBeLessThanOrEqual(missing.length + 1);
        expect(commentsIn(after)).toEqual(commentsIn(text));
        expect(editList(after, feature, edit)).toBe(after);
      });
    },
  );

  test.each(['whitelist', 'blacklist', 'test_repositories'] as const)(
    'in any layout, removing from %s removes the existing entries',
    (list) => {
      drawn(({ tape, text, feature }) => {
        const old = listIn(read(text), feature, list) ?? [];
        const removed = tape.some([...old, 'never/there']);
        const after = editList(text, feature, {
          kind: 'remove_entries',
          list,
          entries: removed
            .map((item) => item.toUpperCase())
            .filter((item) => item.includes('/'))
            .concat(removed),
        });
        const out = old.filter((item) => removed.includes(item));
        expectOnly(text, after, (data) => {
          if (out.length > 0)
            putList(
              data,
              feature,
              list,
              old.filter((item) => !out.includes(item)),
            );
        });
        const { gone, come } = expectFewLines(text, after);
        expect(gone.length).toBeLessThanOrEqual(out.length + 1);
        expect(come.length).toBeLessThanOrEqual(out.length + 1);
        const lost = without(commentsIn(text), commentsIn(after));
        const own = gone.filter((line) =>
          out.some((item) => line.includes(item) || line.includes(item.replaceAll("'", "''"))),
        );
        expect(without(lost, commentsIn(own.join('\n')))).toEqual([]);
      });
    },
  );

  test('in any layout, setting a list of texts gives exactly that list', () => {
    drawn(({ tape, text, feature }) => {
      const value = drawEntries(tape);
      const after = editFeature(text, feature, [{ kind: 'set', path: ['whitelist'], value }]);
      const now = listIn(read(after), feature, 'whitelist') ?? [];
      expect([...now].sort()).toEqual([...value].sort());
      expectOnly(text, after, (data) => putList(data, feature, 'whitelist', now));
      const kept = commentsIn(
        linesOf(text)
          .filter((line) => /^\s*#/.test(line))
          .join('\n'),
      );
      expect(without(kept, commentsIn(after))).toEqual([]);
    });
  });

  test('in any layout, several edits together equal the edits one after another', () => {
    drawn(({ tape, text, feature }) => {
      const edits: Edit[] = [
        { kind: 'set', path: ['active'], value: false },
        { kind: 'set', path: ['percentage'], value: tape.below(101) },
        { kind: 'remove_entries', list: 'whitelist', entries: drawEntries(tape) },
        { kind: 'add_entries', list: 'blacklist', entries: drawEntries(tape) },
        { kind: 'remove', path: ['thresholds'] },
      ];
      const oneByOne = edits.reduce((state, edit) => editFeature(state, feature, [edit]), text);
      expect(editFeature(text, feature, edits)).toBe(oneByOne);
    });
  });
});

type AnyListEdit = ListEdit<'whitelist' | 'blacklist' | 'test_repositories'>;

function editList(text: string, feature: string, edit: AnyListEdit): string {
  if (edit.list === 'test_repositories') return editTestRepositories(text, [{ ...edit, list: edit.list }]);
  return editFeature(text, feature, [{ ...edit, list: edit.list }]);
}

function listIn(data: Data, feature: string, list: AnyListEdit['list']): string[] | undefined {
  if (list === 'test_repositories') return data.test_repositories;
  return data.features[feature]?.[list] as string[] | undefined;
}

function putList(data: Data, feature: string, list: AnyListEdit['list'], value: string[]): void {
  if (list === 'test_repositories') data.test_repositories = value;
  else data.features[feature] = { ...data.features[feature], [list]: value };
}
