import { looksLikeName } from '../../domain/spec/at-most.ts';
import { quoted } from '../../lib/text.ts';
import { entryKey } from '../base/entries.ts';
import { error, type FeatureView, warning } from '../base/finding.ts';
import type { Finding, Path } from '../base/problems.ts';

/** Checks that an entry is not in both lists of a feature, and not twice in one. */
export function* listRules({ path, written }: FeatureView): Generator<Finding> {
  const { whitelist = [], blacklist = [], categories = [] } = written;
  yield* inBoth(path, whitelist, blacklist);
  yield* repeated([...path, 'whitelist'], 'whitelist', whitelist);
  yield* repeated([...path, 'blacklist'], 'blacklist', blacklist);
  yield* repeated([...path, 'categories'], 'categories', categories);
}

/** Yields a warning for every entry that repeats an earlier one. */
export function* repeated(path: Path, name: string, entries: readonly string[]): Generator<Finding> {
  const firsts = indexes(entries);
  for (const [i, entry] of entries.entries()) {
    const first = firsts.get(entryKey(entry)) ?? i;
    if (first === i) continue;
    const found = `${name}[${i}] is ${quoted(entry)}, like ${name}[${first}]${caseNote(entry)}`;
    yield warning([...path, i], found);
  }
}

function* inBoth(path: Path, whitelist: readonly string[], blacklist: readonly string[]): Generator<Finding> {
  const listed = indexes(whitelist);
  for (const [i, entry] of blacklist.entries()) {
    const other = listed.get(entryKey(entry));
    if (other === undefined) continue;
    const found = `blacklist[${i}] is ${quoted(entry)}, like whitelist[${other}]${caseNote(entry)}`;
    yield error([...path, 'blacklist', i], `${found}; keep it in one of them`);
  }
}

/** Returns the index of each entry's first occurrence. */
function indexes(entries: readonly string[]): Map<string, number> {
  const byKey = new Map<string, number>();
  for (const [i, entry] of entries.entries()) {
    const key = entryKey(entry);
    if (!byKey.has(key)) byKey.set(key, i);
  }
  return byKey;
}

function caseNote(entry: string): string {
  return looksLikeName(entry) ? ' (case does not count)' : '';
}
