import { describe, expect, it } from 'vitest';
import { addFeature } from '../../src/config/edit/edit.ts';
import { parseConfig } from '../../src/config/read/parse.ts';

const FIELDS = {
  subject: 'customer',
  active: false,
  whitelist: ['7e10', 'c1'],
  thresholds: { max_error_rate: 2 },
};
const WRITTEN =
  'fresh: { subject: customer, active: false, whitelist: ["7e10", c1], thresholds: { max_error_rate: 2 } }';

describe('adding a feature to a text', () => {
  it.each([
    ['a block of features', 'version: 1\nfeatures:\n  a: { percentage: 5 }   # kept\n', `  ${WRITTEN}\n`],
    [
      'features with keys of their own',
      'version: 1\nfeatures:\n    a:\n      percentage: 5\n',
      `    ${WRITTEN}\n`,
    ],
    ['what comes from Windows', 'version: 1\r\nfeatures:\r\n  a: {}\r\n', `  ${WRITTEN}\r\n`],
    ['a file without a last line end', 'version: 1\nfeatures:\n  a: {}', `\n  ${WRITTEN}`],
  ])('a new feature is added behind %s and leaves every other byte', (_what, text, added) => {
    expect(addFeature(text, 'fresh', FIELDS)).toBe(text + added);
  });

  it.each([
    'version: 1\nfeatures: {}\n',
    '{ version: 1, features: { a: {} } }\n',
    '{"version":1,"features":{"a":{}}}',
  ])('a new feature added to %j is read as it was meant', (text) => {
    const spec = parseConfig(addFeature(text, 'fresh', FIELDS)).config?.features.get('fresh');
    expect(spec).toMatchObject({ subject: 'customer', active: false, whitelist: ['7e10', 'c1'] });
  });

  it('adding a feature keeps what follows the features', () => {
    const text = 'version: 1\nfeatures:\n  a: {}\n\n# the end\nenvironment: here\n';
    expect(addFeature(text, 'fresh', FIELDS)).toBe(
      `version: 1\nfeatures:\n  a: {}\n  ${WRITTEN}\n\n# the end\nenvironment: here\n`,
    );
  });

  it('adding a feature refuses a name that is taken', () => {
    expect(() => addFeature('version: 1\nfeatures: { fresh: {} }\n', 'fresh', FIELDS)).toThrow(
      /fresh in the file already/,
    );
  });

  it('adding a feature refuses a file that is not sound', () => {
    expect(() => addFeature('version: 1\nfeatures: [\n', 'fresh', FIELDS)).toThrow(/left as it is/);
  });
});
