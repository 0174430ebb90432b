import { describe, expect, it } from 'vitest';
import { WORKFLOWS, workflowFor } from '../../src/app/setup/init-workflows.ts';
import { recordForTick } from '../helpers/projects/tick-world.ts';
import { patience } from '../helpers/run/pace.ts';
import { readWorkflow } from '../helpers/workflow/read.ts';
import { shippedWorkflow } from '../helpers/workflow/shipped.ts';
import { type Shop, shop } from '../helpers/workflow/shop.ts';

const FEATURE = 'checkout: { percentage: 25, whitelist: [acme/one] }';
const textOf = (environment: string) => `version: 1
environment: ${environment}
defaults: { rollback: { fuse: false } }
test_repositories: [acme/sandbox]
features:
  ${FEATURE}
`;
const HARM = { jobs: 40, errors: 30 };

/** Two environments of one repository, each with its own file, workflows and database. */
async function both(): Promise<{ production: Shop; staging: Shop }> {
  const production = await shop({
    ...{ text: textOf('production'), file: 'production.yaml', environment: 'production' },
  });
  const staging = await shop({
    ...{ text: textOf('staging'), file: 'staging.yaml', environment: 'staging', beside: production },
  });
  for (const one of [production, staging]) {
    expect(await one.reconcile()).toMatchObject({ conclusion: 'success', outputs: { changed: 'true' } });
  }
  return { production, staging };
}

describe('two environments of one repository', { timeout: patience(300_000) }, () => {
  it('a rollback in two environments at once has a pull request and an issue for each, each settled by its own', async () => {
    const { production, staging } = await both();
    const { repo } = production;
    await repo.protect('ruleset');
    for (const one of [production, staging]) {
      await recordForTick(one.db, 'checkout', HARM);
      expect(await one.tick()).toMatchObject({ outputs: { incident: '1' } });
    }
    const heads = ['rollout/production/hold/checkout', 'rollout/staging/hold/checkout'];
    expect(repo.pulls().map(({ head }) => head)).toEqual(heads);
    expect(repo.issues().map(({ title, state }) => [title, state])).toEqual([
      ['checkout was rolled back from 25% (production, incident 1)', 'open'],
      ['checkout was rolled back from 25% (staging, incident 1)', 'open'],
    ]);
    expect(await repo.file('staging.yaml', heads[0])).toBe(textOf('staging'));
    expect(await repo.file('staging.yaml', heads[1])).toContain('active: false');

    // Merging the one ends nothing of the other.
    await staging.merge(repo.pulls()[1]?.number ?? 0);
    await staging.tick();
    await production.tick();
    expect(repo.issues().map(({ state }) => state)).toEqual(['open', 'closed']);
    expect(repo.pulls().map(({ state }) => state)).toEqual(['open', 'closed']);
    expect(await repo.tip(heads[0] ?? '')).not.toBeNull();
    expect(await repo.tip(heads[1] ?? '')).toBeNull();

    // Resumed in staging alone.
    const resume = { operation: 'resume', feature: 'checkout', percentage: '10', reason: 'mended' };
    const resumed = await staging.operate(resume);
    expect(repo.pulls().find(({ number }) => `${number}` === resumed.outputs.pull_request)).toMatchObject({
      head: 'rollout/staging/resume/checkout',
    });
    await staging.merge(Number(resumed.outputs.pull_request));
    expect([await staging.live('checkout'), await production.live('checkout')]).toEqual(['10%', 'off']);

    const noted = repo.deployments().map(({ environment }) => environment);
    expect(new Set(noted)).toEqual(new Set(['rollout/production/checkout', 'rollout/staging/checkout']));
    staging.expectNoSecrets();
  });

  it('each environment comments once on a pull request that changes its file, and never where it is unchanged', async () => {
    const { production, staging } = await both();
    const { number } = await staging.propose(textOf('staging').replace('25', '50'));
    await production.plan(number);
    expect(staging.comments(number)).toEqual([expect.stringContaining('### Rollout plan for staging')]);

    const { repo } = production;
    const head = repo.pulls().find((one) => one.number === number)?.head ?? '';
    const more = { 'production.yaml': textOf('production').replace('25', '75') };
    await repo.commit(more, { branch: head, message: 'the other too' });
    await staging.plan(number);
    await production.plan(number);
    expect(production.comments(number)).toEqual([
      expect.stringMatching(/### Rollout plan for staging[\s\S]*25% \| 50%/),
      expect.stringMatching(/### Rollout plan for production[\s\S]*25% \| 75%/),
    ]);
  });

  it('two environments share no secret, concurrency group or GitHub environment', async () => {
    const action = { repository: 'acme/rollout', ref: '0'.repeat(40), version: null };
    const used = async (environment: string | null) => {
      const options = { action, branch: 'main', file: 'rollout.yaml', environment };
      const found = new Set<string>();
      for (const name of WORKFLOWS) {
        const text = workflowFor(await shippedWorkflow(name), options);
        const { name: title, concurrency, jobs } = await readWorkflow(name, text);
        found.add(concurrency?.group.replace(/\$\{\{ github\.workflow \}\}/, title) ?? title);
        for (const { environment = 'github-pages' } of Object.values(jobs)) {
          // The secrets and reviewers of an environment are its own.
          if (environment !== 'github-pages')
            for (const [, one = ''] of environment.matchAll(/([\w-]*rollout[\w-]*)/g)) found.add(one);
        }
        for (const [one] of text.matchAll(/(secrets|vars)\.ROLLOUT_\w*(READER|PAGES)\w*/g)) found.add(one);
      }
      return found;
    };
    const [plain, staging, production] = [await used(null), await used('staging'), await used('production')];
    expect([...plain].sort()).toContain('rollout-operate');
    expect([...staging]).toEqual(
      expect.arrayContaining([
        'rollout-staging',
        'rollout-staging-operate',
        'rollout staging health',
        'secrets.ROLLOUT_STAGING_READER_DATABASE_URL',
      ]),
    );
    for (const one of plain) expect([...staging, ...production]).not.toContain(one);
    for (const one of staging) expect([...production]).not.toContain(one);
  });
});
