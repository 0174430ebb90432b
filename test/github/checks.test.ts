import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanCheck } from '../../src/app/ports/pull-requests.ts';
import { ALL_POWERS } from '../helpers/github/caller.ts';
import type { Trouble } from '../helpers/github/faults.ts';
import { fakeGithub } from '../helpers/github/index.ts';
import { roomOn } from '../helpers/projects/github-world.ts';

const github = await fakeGithub();
let repositories = 0;

async function repository() {
  repositories += 1;
  const name = `acme/checked-${repositories}`;
  const shop = await github.repository(name, { files: { 'rollout.yaml': 'version: 1\n' } });
  return { name, shop, head: (await shop.tip()) ?? '' };
}

const check = (head: string, given: Partial<PlanCheck> = {}): PlanCheck => ({
  ...{
    name: 'rollout/plan',
    head,
    conclusion: 'success' as const,
    title: '1 change',
    summary: 'A table',
    annotations: [],
  },
  ...{ url: 'https://github.test/runs/1' },
  ...given,
});

const troubles: readonly Trouble[] = [
  { status: 502 },
  { lost: true },
  { reset: true },
  { done_but: 503 },
  { limit: 'secondary', seconds: 1_000_000 },
];

describe('a check', () => {
  it('a pull request ends with exactly one check per conclusion, although GitHub loses, cuts or refuses requests', async () => {
    const fault = fc.record({
      on: fc.constantFrom('checks/create', 'checks/list-for-ref'),
      trouble: fc.constantFrom(...troubles),
      after: fc.nat({ max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 5 }), async (faults) => {
        const { name, shop, head } = await repository();
        github.clearFaults();
        for (const { on, trouble, after } of faults) github.fault({ ...trouble, on, after });
        for (const conclusion of ['success', 'failure'] as const) {
          for (let tick = 0; tick < 8; tick++) {
            await roomOn(github, name)
              .checks.put(check(head, { conclusion }))
              .catch(() => null);
          }
        }
        expect(shop.checks(head).map(({ conclusion }) => conclusion)).toEqual(['success', 'failure']);
      }),
      { numRuns: 10 },
    );
    github.clearFaults();
  });

  it('the controller writes its check again after a check of the same name from elsewhere, with any mark and verdict', async () => {
    const { name, head, shop } = await repository();
    const put = () => roomOn(github, name).checks.put(check(head, { conclusion: 'failure' }));
    await put();
    const [ours] = shop.checks(head);
    for (const external_id of ['theirs', ours?.external_id]) {
      const token = github.token(ALL_POWERS);
      const answer = await fetch(`${github.url}/repos/${name}/check-runs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{
            name: 'rollout/plan',
            head_sha: head,
            status: 'completed',
            conclusion: 'success',
            external_id,
          },
        }),
      });
      expect(answer.status).toBe(201);
      expect(await put()).toBe('created');
      expect(await put()).toBe('unchanged');
      expect(shop.checks(head).at(-1)).toMatchObject({ conclusion: 'failure' });
    }
  });

  it('writing a check with a token without the permission fails, and the hint names the permission for the job', async () => {
    const { name, head, shop } = await repository();
    const token = github.token({ ...ALL_POWERS, checks: 'read' });
    await expect(roomOn(github, name, { token }).checks.put(check(head))).rejects.toMatchObject({
      code: 'github_off',
      hint: expect.stringContaining('permissions: checks: write'),
    });
    expect(shop.checks()).toEqual([]);
  });

  it('a check shows the first fifty annotations and reports how many were left out', async () => {
    const { name, head, shop } = await repository();
    const annotations = Array.from({ length: 60 }, (_, i) => ({
      ...{
        path: 'rollout.yaml',
        line: i + 1,
        severity: 'error' as const,
        title: null,
        message: `wrong ${i}`,
      },
    }));
    await roomOn(github, name).checks.put(check(head, { conclusion: 'failure', annotations }));
    const [written] = shop.checks(head);
    expect(written?.annotations).toHaveLength(50);
    expect(written?.summary).toContain('10 more annotations were left out');
  });
});

describe('the comment on a merged pull request', () => {
  it('a merged pull request gets one comment despite lost requests, with the reconcile result above later news', async () => {
    const { name, shop } = await repository();
    const issue = await roomOn(github, name).incidents.put({
      ...{ incident: 'default/1', number: null, opened_at: new Date(), owner: null, title: 't' },
      ...{ body: 'b', open: true, closing: null },
    });
    const put = (body: string | ((before: string | null) => string)) =>
      roomOn(github, name)
        .comments.put(issue.number, { key: 'outcome', body })
        .catch(() => null);
    for (const fault of troubles.slice(0, 4)) {
      github.fault({ ...fault, on: 'issues/create-comment' });
      github.fault({ ...fault, on: 'issues/update-comment' });
    }
    for (let tick = 0; tick < 8; tick++) await put((before) => before ?? 'applied');
    for (let tick = 0; tick < 8; tick++) await put((before) => `${before?.split('\n')[0]}\nrolled back`);
    expect(shop.comments(issue.number).map(({ body }) => body.split('\n').slice(1))).toEqual([
      ['applied', 'rolled back'],
    ]);
    github.clearFaults();
  });
});
