import { parseConfig } from '../../../src/config/read/parse.ts';
import { nth } from '../dice.ts';
import { textOf, type WorldFile, type Written } from '../file.ts';
import { SIZE_NAMES } from '../registry.ts';

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

type Edit = (written: Written, n: number, feature: string) => void;

const number = (value: unknown) => Number(value ?? 0);
const listOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

/** Somebody a list may name, by id or by name. */
const somebody = (n: number) => (n % 3 === 0 ? `acme/r${n % 64}` : n % 3 === 1 ? `r${n % 64}` : `c${n % 10}`);

function toggle(written: Written, list: string, entry: string): void {
  const before = listOf(written[list]);
  written[list] = before.includes(entry) ? before.filter((one) => one !== entry) : [...before, entry];
}

/** What a person changes about one feature. */
export const EDITS: Readonly<Record<string, { weight: number; edit: Edit }>> = {
  raise: {
    weight: 20,
    edit: (written) => {
      const now = number(written.percentage);
      if (written.strategy !== 'whitelist') written.percentage = LADDER.find((step) => step > now) ?? 100;
    },
  },
  set: {
    weight: 16,
    edit: (written, n) => {
      if (written.strategy !== 'whitelist') written.percentage = nth(LADDER, n) ?? 0;
    },
  },
  on_or_off: {
    weight: 4,
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
    weight: 5,
    edit: (written, n) => {
      if (written.subject === 'customer' || (written.strategy ?? 'percentage') !== 'percentage') return;
      const some = SIZE_NAMES.filter((_, place) => ((n + 1) >> place) & 1);
      if (n % 4 === 0 || some.length === 0) delete written.categories;
      else written.categories = some;
    },
  },
  salt: {
    weight: 2,
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
    weight: 6,
    edit: (written) => {
      written.subject = written.subject === 'customer' ? 'repository' : 'customer';
      delete written.categories;
      if (written.strategy === 'repository_size') written.strategy = 'percentage';
    },
  },
  whitelist: { weight: 5, edit: (written, n) => toggle(written, 'whitelist', somebody(n)) },
  blacklist: { weight: 4, edit: (written, n) => toggle(written, 'blacklist', somebody(n)) },
  steps: {
    weight: 3,
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
    weight: 12,
    edit: (file, n) => {
      const some = [n, n >> 2, n >> 4]
        .slice(0, 1 + (n % 3))
        .map((one) => (one % 2 ? `r${one % 62}` : `acme/r${one % 62}`));
      for (const entry of some) {
        const before = file.test_repositories;
        file.test_repositories = before.includes(entry)
          ? before.filter((one) => one !== entry)
          : [...before, entry];
      }
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
    edit: ({ features }, n) => {
      const key = `new_${n % 3}`;
      features[key] ??= {
        percentage: nth(LADDER, n),
        ...(n % 2 ? { subject: 'customer' } : { categories: ['test'] }),
      };
    },
  },
  remove: {
    weight: 2,
    edit: ({ features }, n) => {
      const off = Object.keys(features).filter((key) => features[key]?.active === false);
      const key = nth(off, n);
      if (key !== undefined && Object.keys(features).length > 1) delete features[key];
    },
  },
};

/** The text after an edit; null: it would change nothing, or not be a file. */
export function edited(file: WorldFile, what: string, n: number, place: number): string | null {
  const copy = structuredClone(file);
  const before = textOf(file);
  const feature = nth(Object.keys(copy.features), place);
  const written = feature === undefined ? undefined : copy.features[feature];
  const one = EDITS[what];
  if (one && written && feature !== undefined) one.edit(written, n, feature);
  else FILE_EDITS[what]?.edit(copy, n);
  const text = textOf(copy);
  if (text === before) return null;
  return parseConfig(text).problems.some(({ severity }) => severity === 'error') ? null : text;
}
