import { beforeAll, describe, expect, it } from 'vitest';
import { type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

const query = (code: string) => `sum(increase(requests_total{arm="$arm"${code}}[$step]))`;
const METRICS = {
  metrics: {
    refunds: { source: 'events' },
    checkout_5xx: { source: 'prometheus', bad: query(',code="500"'), all: query('') },
  },
};
const FEATURES = {
  plain: { percentage: 10 },
  events: { percentage: 10, guardrails: [{ metric: 'refunds', limit: 3, on_harm: 'rollback' }] },
  engine: { percentage: 10, guardrails: [{ metric: 'checkout_5xx', limit: 2, on_harm: 'freeze' }] },
};

let world: TickWorld;

beforeAll(async () => {
  world = await tickWorld(FEATURES, METRICS);
});

describe('back-test', () => {
  it('of a feature that the file does not have is an error that names it', async () => {
    const { code, stderr } = await world.cli(['back-test', 'nope']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('nope');
  });

  it('of a feature without guardrails says what would be needed', async () => {
    const { stdout, stderr } = await world.cli(['back-test', 'plain']);
    expect(stdout + stderr).toMatch(/guardrail/);
  });

  it('says of each guardrail what its stored events would have done', async () => {
    const { code, stdout } = await world.cli(['back-test', 'events']);
    expect(code).toBe(0);
    expect(stdout).toContain('refunds');
    const json = JSON.parse((await world.cli(['back-test', 'events', '--json'])).stdout);
    expect(json).toMatchObject({ feature: 'events', guardrails: [{ metric: 'refunds', not_yet: null }] });
    expect(json.sentences).toHaveLength(json.guardrails.length);
  });

  it('names the variable where nobody knows the engine', async () => {
    const { stdout } = await world.cli(['back-test', 'engine']);
    expect(stdout).toMatch(/not back-tested: .*ROLLOUT_PROMETHEUS_URL/);
  });
});
