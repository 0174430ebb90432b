import { describe, expect, test } from 'vitest';
import { foldName, namesIn, resolveLists, sortedSet } from '../../../src/domain/spec/resolve.ts';
import { spec } from '../../helpers/data/specs.ts';

const none = new Map<string, string>();

describe('a name in a list', () => {
  test('becomes the id of the repository that has it, without regard to case', () => {
    const said = spec({ whitelist: ['Acme/Web', 'id-9'] });
    const { exposure, resolved } = resolveLists(said, {}, new Map([['acme/web', 'id-1']]));
    expect(exposure.whitelist).toEqual(['id-1', 'id-9']);
    expect(resolved).toEqual({ 'Acme/Web': 'id-1' });
  });

  test('that nobody has stays as it is written and is known to be nobody', () => {
    const { exposure, resolved } = resolveLists(spec({ whitelist: ['Acme/Web'] }), {}, none);
    expect(exposure.whitelist).toEqual(['Acme/Web']);
    expect(resolved).toEqual({ 'Acme/Web': null });
  });

  test('keeps the id it was resolved to, so that a new owner of the name inherits nothing', () => {
    const kept = { 'acme/web': 'old-owner' };
    const { exposure } = resolveLists(
      spec({ whitelist: ['acme/web'] }),
      kept,
      new Map([['acme/web', 'new-owner']]),
    );
    expect(exposure.whitelist).toEqual(['old-owner']);
  });

  test('written in another case is no new entry and keeps its id', () => {
    const { exposure } = resolveLists(
      spec({ whitelist: ['ACME/Web'] }),
      { 'acme/web': 'old-owner' },
      new Map([['acme/web', 'new-owner']]),
    );
    expect(exposure.whitelist).toEqual(['old-owner']);
  });

  test('forgets its id when it leaves the file', () => {
    const { resolved } = resolveLists(spec(), { 'acme/web': 'old-owner' }, none);
    expect(resolved).toEqual({});
  });

  test('of the blacklist blocks its id and, in lower case, whoever has the name now', () => {
    const said = spec({ blacklist: ['Acme/Web', 'ID-9'] });
    const { exposure } = resolveLists(said, {}, new Map([['acme/web', 'id-1']]));
    expect(exposure.blacklist).toEqual(['ID-9', 'acme/web', 'id-1']);
    expect(resolveLists(said, {}, none).exposure.blacklist).toEqual(['ID-9', 'acme/web']);
  });

  test('of a customer is an id: customers have no names', () => {
    const said = spec({ subject: 'customer', whitelist: ['acme/web'], blacklist: ['Acme/Api'] });
    const { exposure, resolved } = resolveLists(said, {}, new Map([['acme/web', 'id-1']]));
    expect(namesIn(said)).toEqual([]);
    expect(resolved).toEqual({});
    expect(exposure).toMatchObject({ whitelist: ['acme/web'], blacklist: ['Acme/Api'] });
  });
});

test('two names of one repository are one entry', () => {
  const known = new Map([
    ['acme/web', 'id-1'],
    ['acme/old', 'id-1'],
  ]);
  const { exposure } = resolveLists(spec({ whitelist: ['acme/old', 'acme/web', 'id-1'] }), {}, known);
  expect(exposure.whitelist).toEqual(['id-1']);
});

test('names fold by ASCII letters alone, as PostgreSQL folds them', () => {
  expect(foldName('ACME/Größe-ÄÖÜ-İ')).toBe('acme/größe-ÄÖÜ-İ');
});

test('a list is sorted by code unit and without duplicates', () => {
  expect(sortedSet(['b', 'a', 'B', 'b', 'é'])).toEqual(['B', 'a', 'b', 'é']);
});
