import { parseConfig } from '../../../src/config/read/parse.ts';
import { nth } from '../dice.ts';
import { textOf, type WorldFile, type Written, type WrittenPolicy } from '../file.ts';
import { PARTS } from '../files.ts';
import { hoursAround } from '../hours.ts';
import { nameOf, SIZE_NAMES } from '../registry.ts';
import { type Edit, NARROWING, setOrDelete } from './narrowing.ts';

const LADDER = [0, 5, 10, 25, 40, 50, 75, 100];
const RAMP = [
  { percentage: 10, soak: '4h' },
  { percentage: 25, soak: '4h' },
  { percentage: 50, soak: '8h' },
  { percentage: 100, soak: '8h' },
];

const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const AROUND_TODAY = { from: dayIn(-2), to: dayIn(2), reason: 'a feast' };
const LONG_AGO = { from: '2020-01-01', to: '2020-01-02', reason: 'over' };

const POLICIES: readonly (WrittenPolicy | undefined)[] = [
  undefined,
  { largest_raise: { points: 15 } },
  { largest_raise: { points: 30, subjects: 12 } },
  { largest_raise: { subjects: 6 } },
  { require: ['owner', 'steps'] },
  { largest_category_last: true },
  { hours: hoursAround(0, Date.now()) },
  { hours: hoursAround(13, Date.now()) },
  undefined,
  { largest_raise: { points: 50 } },
];

const number = (value: unknown) => Number(value ?? 0);
const listOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

/** Somebody a list may name, by id, by name or by owner. */
const somebody = (n: number) => {
  if (n % 9 === 4) return nth(['acme/*', 'globex/*', 'INITECH/*'], n >> 3) ?? 'acme/*';
  return n % 3 === 0 ? nameOf(`r${n % 64}`) : n % 3 === 1 ? `r${n % 64}` : `c${n % 10}`;
};

function toggle(written: Written, list: string, entry: string): void {
  const before = listOf(written[list]);
  written[list] = before.includes(entry) ? before.filter((one) => one !== entry) : [...before, entry];
}

/** What a person changes about one feature. */
export const EDITS: Readonly<Record<string, { weight: number; edit: Edit }>> = {
  raise: {
    weight: 34,
    edit: (written) => {
      const now = number(written.percentage);
      if (written.strategy !== 'whitelist') written.percentage = LADDER.find((step) => step > now) ?? 100;
    },
  },
  set: {
    weight: 44,
    edit: (written, n) => {
      if (written.strategy !== 'whitelist') written.percentage = nth(LADDER, n) ?? 0;
    },
  },
  on_or_off: {
    weight: 6,
    edit: (written) => {
      written.active = written.active === false;
    },
  },
  stop: {
    weight: 2,
    edit: (written) => {
      written.emergency_stop = written.emergency_stop !== true;
    },
  },
  categories: {
    weight: 8,
    edit: (written, n) => {
      if (written.subject === 'customer' || (written.strategy ?? 'percentage') !== 'percentage') return;
      const some = SIZE_NAMES.filter((_, place) => ((n + 1) >> place) & 1);
      if (n % 4 === 0 || some.length === 0) delete written.categories;
      else written.categories = some;
    },
  },
  salt: {
    weight: 8,
    edit: (written, n, feature) => {
      written.salt = n % 3 === 0 ? feature : `salt ${n % 5}`;
    },
  },
  strategy: {
    weight: 4,
    edit: (written, n) => {
      const next = nth(['percentage', 'repository_size', 'whitelist', 'percentage'], n);
      if (written.subject === 'customer' && next === 'repository_size') return;
      written.strategy = next;
      if (next === 'whitelist') for (const key of ['percentage', 'steps']) delete written[key];
      if (next !== 'percentage') delete written.categories;
    },
  },
  subject: {
    weight: 14,
    edit: (written) => {
      written.subject = written.subject === 'customer' ? 'repository' : 'customer';
      delete written.categories;
      for (const list of ['whitelist', 'blacklist']) {
        if (list in written) written[list] = listOf(written[list]).filter((entry) => !entry.endsWith('/*'));
      }
      if (written.strategy === 'repository_size') written.strategy = 'percentage';
    },
  },
  ...NARROWING,
  whitelist: { weight: 8, edit: (written, n) => toggle(written, 'whitelist', somebody(n)) },
  /** Eight at once, which is more than may enter a step without beginning its soak anew. */
  audience: {
    weight: 12,
    edit: (written, n) => {
      if (written.subject === 'customer') return;
      const eight = Array.from({ length: 8 }, (_, k) => `r${(n + k) % 60}`);
      const before = listOf(written.whitelist);
      const kept = before.filter((one) => !eight.includes(one));
      written.whitelist = kept.length < before.length ? kept : [...before, ...eight];
    },
  },
  blacklist: { weight: 4, edit: (written, n) => toggle(written, 'blacklist', somebody(n)) },
  steps: {
    weight: 6,
    edit: (written, n) => {
      if (written.strategy === 'whitelist') return;
      if (n % 3 === 0) delete written.steps;
      else written.steps = RAMP;
      written.advance = nth(['commit', 'commit', 'pull_request', 'manual'], n >> 2);
    },
  },
  rollback: {
    weight: 1,
    edit: (written, n) => {
      written.rollback = { via: nth(['commit', 'pull_request'], n) };
    },
  },
  owner: {
    weight: 1,
    edit: (written, n) => {
      if (n % 3 === 0) delete written.owner;
      else written.owner = '@acme/growth';
    },
  },
  calendar: {
    weight: 2,
    edit: (written, n) => {
      if (written.strategy === 'whitelist') return;
      const key = n % 2 ? 'not_before' : 'cutoff';
      if (key in written) delete written[key];
      else written[key] = dayIn(n % 3 ? 2 : -2);
    },
  },
  hours: {
    weight: 4,
    edit: (written, n) => {
      if (written.strategy === 'whitelist') return;
      setOrDelete(written, 'hours', n % 5 === 4 ? undefined : hoursAround(n, Date.now()));
    },
  },
  thresholds: {
    weight: 2,
    edit: (written, n) => {
      written.thresholds = { max_error_rate: nth([2, 5, 20], n) };
    },
  },
};

/** What a person changes about the whole file. */
export const FILE_EDITS: Readonly<
  Record<string, { weight: number; edit: (file: WorldFile, n: number) => void }>
> = {
  tests: {
    weight: 22,
    edit: (file, n) => {
      const some = [n, n >> 2, n >> 4]
        .slice(0, 1 + (n % 3))
        .map((one) => (one % 2 ? `r${one % 62}` : nameOf(`r${one % 62}`)));
      for (const entry of some) {
        const before = file.test_repositories;
        file.test_repositories = before.includes(entry)
          ? before.filter((one) => one !== entry)
          : [...before, entry];
      }
    },
  },
  policy: {
    weight: 5,
    edit: (file, n) => {
      const next = nth(POLICIES, n);
      if (next) file.policy = next;
      else delete file.policy;
    },
  },
  /** A feature moves to another file, which comes with it or goes. */
  home: {
    weight: 6,
    edit: ({ features, homes }, n) => {
      const key = nth(Object.keys(features), n);
      const path = nth([undefined, ...PARTS], n >> 3);
      if (key === undefined) return;
      if (path === undefined) delete homes[key];
      else homes[key] = path;
    },
  },
  /** Somebody switches on again what is off, or everything would be in the end. */
  on: {
    weight: 14,
    edit: ({ features }, n) => {
      const key = nth(
        Object.keys(features).filter((one) => isOff(features[one])),
        n,
      );
      const written = key === undefined ? undefined : features[key];
      if (!written) return;
      written.active = true;
      written.emergency_stop = false;
    },
  },
  freeze: {
    weight: 2,
    edit: (file, n) => {
      if (file.freeze) delete file.freeze;
      else file.freeze = [nth([AROUND_TODAY, LONG_AGO], n % 4 === 3 ? 1 : 0) ?? AROUND_TODAY];
    },
  },
  add: {
    weight: 2,
    edit: ({ features, homes }, n) => {
      const key = `new_${n % 3}`;
      if (features[key]) return;
      const path = nth([undefined, ...PARTS], n >> 3);
      if (path !== undefined) homes[key] = path;
      features[key] = {
        percentage: nth(LADDER, n),
        ...(n % 2 ? { subject: 'customer' } : { categories: ['test'] }),
      };
    },
  },
  remove: {
    weight: 2,
    edit: ({ features, homes }, n) => {
      const off = Object.keys(features).filter((key) => features[key]?.active === false);
      const key = nth(off, n);
      if (key === undefined || Object.keys(features).length === 1) return;
      delete features[key];
      delete homes[key];
    },
  },
};

const isOff = (written: Written | undefined) => written?.active === false || written?.emergency_stop === true;

/**
 * Of twelve edits nine are of features that are on and that nothing holds, where there are any: of the others nobody's
 * exposure moves.
 */
function featureAt({ features }: WorldFile, place: number, held: ReadonlySet<string>): string | undefined {
  const all = Object.keys(features);
  const free = all.filter((key) => !held.has(key) && !isOff(features[key]));
  return nth(place < 9 && free.length > 0 ? free : all, place);
}

/** The text after an edit; null: it would change nothing, or not be a file. */
export function edited(
  file: WorldFile,
  { what, n, place }: Record<string, unknown>,
  held: ReadonlySet<string>,
): string | null {
  const copy = structuredClone(file);
  const before = textOf(file);
  const feature = featureAt(copy, Number(place), held);
  const written = feature === undefined ? undefined : copy.features[feature];
  const one = EDITS[String(what)];
  if (one && written && feature !== undefined) one.edit(written, Number(n), feature);
  else FILE_EDITS[String(what)]?.edit(copy, Number(n));
  const text = textOf(copy);
  if (text === before) return null;
  return parseConfig(text).problems.some(({ severity }) => severity === 'error') ? null : text;
}
