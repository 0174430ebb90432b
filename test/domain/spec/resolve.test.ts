import { describe, expect, test } from 'vitest';
import { foldName, namesIn, resolveLists, sortedSet } from '../../../src/domain/spec/resolve.ts';
import { spec } from '../../helpers/data/specs.ts';

const none = new Map<string, string>();

describe('a name in a list', () => {
  test('a name in a list becomes the id of its repository, whatever the case', () => {
    const said = spec({ whitelist: ['Acme/Web', 'id-9'] });
    const { exposure, resolved } = resolveLists(said, {}, new Map([['acme/web', 'id-1']]));
    expect(exposure.whitelist).toEqual(['id-1', 'id-9']);
    expect(resolved).toEqual({ 'Acme/Web': 'id-1' });
  });

  test('a name that no repository has stays as written and is known to match nobody', () => {
    const { exposure, resolved } = resolveLists(spec({ whitelist: ['Acme/Web'] }), {}, none);
    expect(exposure.whitelist).toEqual(['Acme/Web']);
    expect(resolved).toEqual({ 'Acme/Web': null });
  });

  test('a name keeps the id it was resolved to, so a new owner of the name inherits nothing', () => {
    const kept = { 'acme/web': 'old-owner' };
    const { exposure } = resolveLists(
      spec({ whitelist: ['acme/web'] }),
      kept,
      new Map([['acme/web', 'new-owner']]),
    );
    expect(exposure.whitelist).toEqual(['old-owner']);
  });

  test('a name rewritten in another case is not a new entry and keeps its id', () => {
    const { exposure } = resolveLists(
      spec({ whitelist: ['ACME/Web'] }),
      { 'acme/web': 'old-owner' },
      new Map([['acme/web', 'new-owner']]),
    );
    expect(exposure.whitelist).toEqual(['old-owner']);
  });

  test('a name forgets its id when it leaves the file', () => {
    const { resolved } = resolveLists(spec(), { 'acme/web': 'old-owner' }, none);
    expect(resolved).toEqual({});
  });

  test('a name in the blacklist blocks its id and, in lower case, the present owner of the name', () => {
    const said = spec({ blacklist: ['Acme/Web', 'ID-9'] });
    const { exposure } = resolveLists(said, {}, new Map([['acme/web', 'id-1']]));
    expect(exposure.blacklist).toEqual(['ID-9', 'acme/web', 'id-1']);
    expect(resolveLists(said, {}, none).exposure.blacklist).toEqual(['ID-9', 'acme/web']);
  });

  test("a customer's entry is an id, because customers have no names", () => {
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

test('names fold by ASCII letters alone, as in PostgreSQL', () => {
  expect(foldName('ACME/Größe-ÄÖÜ-İ')).toBe('acme/größe-ÄÖÜ-İ');
});

test('a list is sorted by code unit and has no duplicates', () => {
  expect(sortedSet(['b', 'a', 'B', 'b', 'é'])).toEqual(['B', 'a', 'b', 'é']);
});
