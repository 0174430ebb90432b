import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../src/app/ports/configuration-repository.ts';
import type { Trouble } from '../helpers/github/faults.ts';
import { fakeGithub } from '../helpers/github/index.ts';
import { roomOn } from '../helpers/projects/github-world.ts';

const OPERATIONS = {
  commit: [
    'git/get-ref',
    'git/get-tree',
    'git/get-blob',
    'graphql/createCommitOnBranch',
    'repos/list-commits',
  ],
  pull_request: [
    ...['git/get-ref', 'git/get-blob', 'git/create-tree', 'git/create-commit', 'git/create-ref'],
    ...['repos/compare-commits-with-basehead', 'pulls/list', 'pulls/create'],
  ],
} as const;

const troubles: readonly Trouble[] = [
  { status: 502 },
  { lost: true },
  { reset: true },
  { done_but: 503 },
  { limit: 'secondary', seconds: 1_000_000 },
];

const github = await fakeGithub();
let repositories = 0;

describe('whatever is lost, cut or refused, and however often', () => {
  it.each(['commit', 'pull_request'] as const)(
    'exactly one %s results, although GitHub repeatedly loses, cuts or refuses requests',
    async (via) => {
      const fault = fc.record({
        on: fc.constantFrom(...OPERATIONS[via]),
        trouble: fc.constantFrom(...troubles),
        after: fc.nat({ max: 2 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 6 }), async (faults) => {
          repositories += 1;
          const name = `acme/lost-${repositories}`;
          const shop = await github.repository(name, { files: { 'rollout.yaml': 'on\n', other: 'o' } });
          github.clearFaults();
          for (const { on, trouble, after } of faults) github.fault({ ...trouble, on, after });
          const change: FileChange = {
            edit: (text) => ({ text: text.replace('on', 'off') }),
            ...{ via, branch: 'rollout/hold/one', title: 'Roll back one', body: 'Why.' },
            trailers: ['Rollout-Incident: 1'],
          };
          // A tick each, until one gets through; every fault comes at most once.
          let result: unknown = null;
          for (let tick = 0; tick < 8 && result === null; tick++) {
            result = await roomOn(github, name)
              .configuration.change(change)
              .catch(() => null);
          }
          expect(result).not.toBeNull();
          const branch = via === 'commit' ? 'main' : 'rollout/hold/one';
          expect(await shop.file('rollout.yaml', branch)).toBe('off\n');
          expect(await shop.file('other', branch)).toBe('o');
          expect(await shop.commits(branch)).toHaveLength(2);
          expect(shop.pulls()).toHaveLength(via === 'commit' ? 0 : 1);
          // And once more, as the next tick does.
          github.clearFaults();
          await roomOn(github, name).configuration.change(change);
          expect(await shop.commits(branch)).toHaveLength(2);
          expect(shop.pulls()).toHaveLength(via === 'commit' ? 0 : 1);
        }),
        { numRuns: 10 },
      );
    },
  );
});
