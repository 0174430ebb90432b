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
  it('back-test of a feature that is not in the file fails and names it', async () => {
    const { code, stderr } = await world.cli(['back-test', 'nope']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('nope');
  });

  it('back-test of a feature without guardrails says what it needs', async () => {
    const { stdout, stderr } = await world.cli(['back-test', 'plain']);
    expect(stdout + stderr).toMatch(/guardrail/);
  });

  it('back-test prints for each guardrail what its stored events would have triggered', async () => {
    const { code, stdout } = await world.cli(['back-test', 'events']);
    expect(code).toBe(0);
    expect(stdout).toContain('refunds');
    const json = JSON.parse((await world.cli(['back-test', 'events', '--json'])).stdout);
    expect(json).toMatchObject({ feature: 'events', guardrails: [{ metric: 'refunds', not_yet: null }] });
    expect(json.sentences).toHaveLength(json.guardrails.length);
  });

  it("back-test names the variable to set when an engine's address is unknown", async () => {
    const { stdout } = await world.cli(['back-test', 'engine']);
    expect(stdout).toMatch(/not back-tested: .*ROLLOUT_PROMETHEUS_URL/);
  });
});
