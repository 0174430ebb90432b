import { expect, it } from 'vitest';
import { examine } from '../../../src/app/setup/doctor.ts';

it('the doctor counts the warnings of a file as people do', () => {
  const problem = {
    path: 'test_repositories',
    line: 6,
    column: 20,
    message: 'names 0',
    severity: 'warning',
  } as const;
  const unasked = {
    embedded: false,
    migrations: null,
    rights: null,
    buckets: null,
    state: null,
    github: null,
  };
  const found = (problems: (typeof problem)[]) =>
    examine({
      file: { ok: true, value: { path: 'rollout.yaml', problems, environment: null } },
      database: { ok: false, why: 'it is away', next: null },
      ...unasked,
    })[0]?.found;
  expect(found([problem])).toBe('rollout.yaml is valid, with 1 warning');
  expect(found([problem, problem])).toBe('rollout.yaml is valid, with 2 warnings');
});
