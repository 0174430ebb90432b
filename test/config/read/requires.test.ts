import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { bundleText } from '../../../src/domain/change/bundle.ts';
import { packageVersion } from '../../../src/lib/package-root.ts';

const own = packageVersion();
const [major = 0, minor = 0, patch = 0] = own.split('.').map(Number);
const file = (requires: string, rest = 'features:\n  new_checkout: { percentage: 5 }\n') =>
  `version: 1\nrequires: ${requires}\n${rest}`;
const said = (text: string) =>
  parseConfig(text).problems.map(
    ({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`,
  );

describe('a file that says which controller it needs', () => {
  it.each([
    `${major + 1}.0.0`,
    `${major}.${minor + 1}.0`,
    `${major}.${minor}.${patch + 1}`,
    `${major}.${minor + 10}.0`,
  ])(
    'an older controller refuses the whole file because of requires %s, and calls no key misspelled',
    (requires) => {
      const text = file(requires, 'features:\n  new_checkout: { percentage: 5, of_tomorrow: true }\n');
      expect(parseConfig(text).config).toBeNull();
      expect(said(text)).toEqual([
        `2:11 error the file requires controller ${requires} or newer, and this is ${own}; ` +
          `upgrade: npm install rollout-controller@${requires}, or the action's tag`,
      ]);
    },
  );

  it('a file is refused by its requires before the files that it includes are read', () => {
    const main = file(`${major + 1}.0.0`, 'include: [rollouts/*.yaml]\nfeatures: {}\n');
    const included = [{ path: 'rollouts/a.yaml', content: 'features: { one: { of_tomorrow: true } }\n' }];
    expect(said(bundleText({ main, included }))).toHaveLength(1);
  });

  it.each(['0.0.1', own, `${major}.${minor}.${patch}`])(
    'a file that requires the same or an older version is read: %s',
    (requires) => {
      expect(said(file(requires))).toEqual([]);
      expect(parseConfig(file(requires)).config?.features.size).toBe(1);
    },
  );

  it.each(['0.2', '">=0.2.0"', 'v0.2.0', 'latest', '01.2.3', '[0.2.0]'])(
    'a file with requires: %s gets a problem that shows a valid version',
    (requires) => {
      const [first, ...more] = said(file(requires));
      expect(first).toMatch(/^2:\d+ error requires .*; it must be a version such as 0\.2\.0$/);
      expect(more).toEqual([]);
    },
  );
});
