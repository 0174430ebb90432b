import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ramp, type TickWorld, tickWorld } from '../../helpers/projects/tick-world.ts';
import { events } from '../../store/guardrails/events.ts';

const METRICS = { metrics: { refunds: { source: 'events' } } };

/** A feature at 10% with jobs and a guardrail on refunds, an hour old; the fuse is out, so the tick alone acts. */
async function world(guardrail: object = {}): Promise<TickWorld> {
  const made = await tickWorld(
    { one: ramp(10, { guardrails: [{ metric: 'refunds', limit: 3, ...guardrail }] }) },
    METRICS,
  );
  await made.pass(60);
  await made.record('one', { jobs: 90, errors: 0 });
  return made;
}

/** Events of so many subjects of treatment, `bad` of them bad. */
async function observe({ controller }: TickWorld, count: number, bad: number): Promise<void> {
  const given = events(count, { feature: 'one' }).map((event, i) => ({ ...event, bad: i < bad ? 1 : 0 }));
  const options = { skipInvalid: false, anySubject: true };
  await controller.store.guardrails.recordEvents(randomUUID(), given, options);
}

describe('a tick over guardrails', () => {
  it("a tick rolls back a feature over a guardrail's limit, and the incident names the guardrail", async () => {
    const made = await world();
    await observe(made, 100, 30);
    const { results, written_back } = await made.tick();
    expect(results[0]).toMatchObject({ action: 'rolled_back', judgement: { scope: 'guardrail:refunds' } });
    expect(results[0]?.judgement.reason).toMatch(
      /^guardrail refunds: 30 of 100 events were bad since .*; at a limit of 3% that is evidence [\d.]+ against 9\.2 needed/,
    );
    expect(written_back).toHaveLength(1);
    expect(await made.row('one')).toMatchObject({ active: false });
    expect(await made.fileAt()).toContain('active: false');
  });

  it.each([
    ['freeze', 'suspect'],
    ['warn', 'healthy'],
  ])(
    'a guardrail with on_harm: %s gives the verdict %s and switches nothing off',
    async (on_harm, verdict) => {
      const made = await world({ on_harm });
      await observe(made, 100, 30);
      const { results } = await made.tick();
      expect(results[0]).toMatchObject({ action: 'none', judgement: { verdict } });
      expect(results[0]?.guardrails).toMatchObject([
        { metric: 'refunds', verdict: 'harmful', events: 100, bad: 30 },
      ]);
      expect(await made.row('one')).toMatchObject({ active: true, percentage: 10 });
    },
  );

  it('a guardrail that only warns is notified once, and a dry run never', async () => {
    const warning = await world({ on_harm: 'warn' });
    await observe(warning, 100, 30);
    const said = [...(await warning.tick()).printed, ...(await warning.tick()).printed];
    expect(said.filter((line) => line.includes('guardrail'))).toEqual(['warning guardrail_harm one']);
    const dry = await world({ dry_run: true });
    await observe(dry, 100, 30);
    expect((await dry.tick()).printed.filter((line) => line.includes('guardrail'))).toEqual([]);
  });

  it('a feature takes no step before its guardrail has events, and advances afterwards', async () => {
    const made = await world();
    const before = await made.tick();
    expect(before.results[0]).toMatchObject({
      judgement: { verdict: 'insufficient', scope: 'guardrail:refunds' },
    });
    await observe(made, 100, 1);
    const after = await made.tick();
    expect(after.results[0]).toMatchObject({ judgement: { verdict: 'healthy', scope: 'all' } });
  });

  it('status, stats and a dry check show guardrails with their arithmetic', async () => {
    const made = await world();
    await observe(made, 100, 1);
    await made.tick();
    const dry = await made.cli(['check-health', '--dry-run']);
    expect(dry.stdout).toMatch(
      /guardrail refunds: healthy \(rollback at 3%\): 1 of 100 events were bad since/,
    );
    const stats = await made.cli(['stats', 'one']);
    expect(stats.stdout).toContain('guardrail refunds: healthy');
    const status = JSON.parse((await made.cli(['status', '--json'])).stdout);
    expect(status.features[0].health.guardrails).toMatchObject([{ metric: 'refunds', events: 100, bad: 1 }]);
  });

  it('a changed limit of a guardrail is a line of the plan', async () => {
    const made = await world({ limit: 60 });
    await observe(made, 100, 30);
    const text = await made.fileAt();
    await made.commit(text.replace(/("?limit"?: ?)60/, '$13'), 'stricter');
    const plan = await made.cli(['plan']);
    expect(plan.stdout).toContain('guardrails.refunds.limit 60 -> 3');
  });
});
