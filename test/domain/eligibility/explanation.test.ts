import { expect, test } from 'vitest';
import { evaluate, type Overrides, type Subject } from '../../../src/domain/eligibility/eligibility.ts';
import { explainDecision } from '../../../src/domain/eligibility/explanation.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import { exposure } from '../../helpers/data/specs.ts';

const WEB: Subject = { id: '42', name: 'acme/web', category: 'large' };

function sentence(spec: Partial<Exposure> | null, subject: Subject = WEB, overrides: Overrides = {}): string {
  const said = spec && exposure({ salt: 'checkout', ...spec });
  return explainDecision('checkout', subject, said, evaluate(said, subject, overrides));
}

test('every reason is explained in a sentence with its numbers', () => {
  expect([
    sentence(null),
    sentence({}, WEB, { env_stop: true }),
    sentence({ active: false }),
    sentence({ emergency_stop: true }),
    sentence({}, WEB, { global_stop: true }),
    sentence({ blacklist: ['42'] }),
    sentence({ whitelist: ['42'], percentage: 10 }),
    sentence({ whitelist: ['42'] }),
    sentence({ strategy: 'whitelist' }),
    sentence({ percentage: 10, categories: ['test', 'small'] }),
    sentence({ percentage: 10, categories: ['test'] }, { id: '42' }),
    sentence({ percentage: 10 }),
    sentence({ percentage: 99.99 }),
    sentence({ percentage: 0 }),
    sentence({ strategy: 'repository_size', percentage: 0 }),
    sentence({ strategy: 'repository_size', percentage: 20 }),
    sentence({ strategy: 'repository_size', percentage: 75 }),
    sentence({ strategy: 'repository_size', percentage: 100 }),
    sentence({ strategy: 'repository_size', percentage: 20 }, { id: '42' }),
  ]).toMatchInlineSnapshot(`
    [
      "checkout is off for acme/web (42): no feature is called checkout",
      "checkout is off for acme/web (42): an environment variable stops it in this process",
      "checkout is off for acme/web (42): it is switched off for everyone (active: false)",
      "checkout is off for acme/web (42): it is stopped for everyone (emergency_stop: true)",
      "checkout is off for acme/web (42): every feature is stopped (rollout stop --all)",
      "checkout is off for acme/web (42): it is in the blacklist",
      "checkout is on for acme/web (42): it is in the whitelist",
      "checkout is on for acme/web (42): it is in the whitelist, which counts at 0% too",
      "checkout is off for acme/web (42): the strategy is whitelist, and it is not in it",
      "checkout is off for acme/web (42): its category is large, and only test, small may be in",
      "checkout is off for 42: its category is unknown, and only test may be in",
      "checkout is off for acme/web (42): its bucket 6669 is not below 1000 (10% of 10000)",
      "checkout is on for acme/web (42): its bucket 6669 is below 9999 (99.99% of 10000)",
      "checkout is off for acme/web (42): its bucket 6669 is not below 0 (0% of 10000)",
      "checkout is off for acme/web (42): its category is large, and at 0% none are in",
      "checkout is off for acme/web (42): its category is large, and at 20% test, small are in",
      "checkout is on for acme/web (42): its category is large, and at 75% test, small, medium, large are in",
      "checkout is on for acme/web (42): at 100% every size is in",
      "checkout is off for 42: it has no category, and at 20% only test, small are in",
    ]
  `);
});

test("an explanation names the percentage in force, not the spec's", () => {
  expect(sentence({ percentage: 100 }, WEB, { percentage: 0 })).toContain('(0% of 10000)');
});
