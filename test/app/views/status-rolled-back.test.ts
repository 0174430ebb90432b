import { beforeAll, describe, expect, it } from 'vitest';
import { resumeFeature } from '../../../src/app/operate/resume.ts';
import { readReport } from '../../../src/app/views/report.ts';
import { stats, status } from '../../../src/app/views/status.ts';
import { statusPage } from '../../../src/report/page/page.ts';
import { fleetScreen } from '../../../src/report/screen/fleet-text.ts';
import { styleOf } from '../../../src/report/style/style.ts';
import { statsText, statusText } from '../../../src/report/text/status-text.ts';
import { addRepositories } from '../../helpers/projects/project.ts';
import { type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';

const SAID =
  'rolled back, incident 1: 100 of 200 failed, control 0 of 200; rollout resume checkout --reason "..."';
const VIEW = {
  ...{ columns: 200, rows: 40, selected: 'checkout', search: null, order: 'gravest' as const, trouble: null },
};
const ASSETS = { chartScript: '', chartStyle: '', script: '', style: '', liveScripts: [] };

let world: TickWorld;

/** The same question to each surface: what does it say of `checkout`? */
async function surfaces() {
  const { store } = world.controller;
  const [list, detail, data] = [await status(store), await stats(store), await readReport({ store })];
  return {
    status: statusText(styleOf(false), list),
    stats: statsText(styleOf(false), detail),
    page: statusPage(data, ASSETS),
    dashboard: fleetScreen(styleOf(false), list, VIEW).join('\n'),
    difference: data.features[0]?.difference ?? null,
    json: list.features[0],
  };
}

beforeAll(async () => {
  world = await tickWorld({ checkout: { percentage: 50 } });
  await addRepositories(world.db, 20);
  await world.reconcile();
  await world.record('checkout', { jobs: 200, errors: 100 }, { jobs: 200, arm: 'control' });
  await world.tick();
});

describe('a feature that was rolled back by the controller', () => {
  it('a feature rolled back by the controller shows the numbers and the way on, on every surface', async () => {
    const { status: list, stats: detail, page, dashboard, json } = await surfaces();
    expect(dashboard).toContain(SAID);
    expect(list).toContain(`checkout: ${SAID}`);
    expect(list).toMatch(/checkout +rolled back\S* .* 200 +50%/);
    expect(detail).toContain(SAID);
    expect(detail).toContain('when rolled back: treatment 200 jobs, 50% failed; control 200 jobs, 0% failed');
    expect(page).toContain(SAID.replaceAll('"', '&quot;'));
    expect(page).toContain('100 of 200 jobs');
    expect(page).not.toContain('0 of 0 jobs');
    expect(json?.health).toMatchObject({
      rolled_back: { incident: '1', evidence: { jobs: 200, errors: 100, control_jobs: 200 } },
      treatment: { jobs: 200, errors: 100, error_rate: 50 },
      control: { jobs: 200, errors: 0 },
    });
  });

  it("a feature rolled back by the controller keeps its step's chart up to the incident", async () => {
    const { difference, page } = await surfaces();
    expect(difference?.difference.at(-1)).toBe(50);
    expect(difference?.low.at(-1)).toBeGreaterThan(0);
    expect(difference?.compared).toBe(100);
    const [incident] = await world.incidents('checkout');
    expect(difference?.since.getTime()).toBeLessThan(incident?.opened_at.getTime() ?? 0);
    expect(page).toContain('Treatment against control over time: now +50 percentage points, between +');
  });

  it('a rolled back feature shows its numbers even after the file agrees and the incident is settled', async () => {
    await world.reconcile();
    expect((await world.incidents('checkout'))[0]).toMatchObject({ state: 'settled' });
    const { status: list, stats: detail, page } = await surfaces();
    for (const text of [list, detail]) expect(text).toContain(SAID);
    expect(page).toContain(SAID.replaceAll('"', '&quot;'));
  });

  it('a rolled back feature no longer shows its numbers after a resume', async () => {
    const how = { via: 'commit' as const, agree: async () => true };
    await resumeFeature(world.controller, { feature: 'checkout', percentage: 10, reason: 'mended', ...how });
    await world.reconcile();
    const { status: list, stats: detail, page, json } = await surfaces();
    for (const text of [list, detail, page]) expect(text).not.toContain('rolled back, incident');
    expect(json).toMatchObject({ active: true, health: { rolled_back: null, treatment: { jobs: 0 } } });
  });
});

describe('a feature that a person rolled back', () => {
  it('a feature rolled back by a person shows the reason instead of numbers', async () => {
    const other = await tickWorld({ search: { percentage: 50 } });
    const { store } = other.controller;
    const taken = { feature: 'search', actor: 'ada', reason: 'customers complain.', evidence: {} };
    await store.incidents.rollBack({ ...taken, severity: 'warning', to: null, epoch: 1 });
    expect(statusText(styleOf(false), await status(store))).toContain(
      'search: rolled back, incident 1: customers complain; rollout resume search --reason "..."',
    );
  });

  it('a feature that a person rolled back to a percentage is live and shows its present numbers', async () => {
    const other = await tickWorld({ search: { percentage: 50 } });
    const { store } = other.controller;
    const taken = { feature: 'search', actor: 'ada', reason: 'too many', evidence: {} };
    await store.incidents.rollBack({ ...taken, severity: 'warning', to: 10, epoch: 1 });
    expect((await status(store)).features[0]).toMatchObject({
      percentage: 10,
      health: { rolled_back: null },
    });
  });
});
