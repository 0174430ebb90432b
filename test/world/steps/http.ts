import { readPageAssets } from '../../../src/compose/environment/page-assets.ts';
import { receiversOf } from '../../../src/compose/environment/receivers.ts';
import { words } from '../../../src/report/kept.ts';
import { createApp } from '../../../src/server/app.ts';
import { nth } from '../dice.ts';
import type { Effect, Kind, World } from '../step.ts';
import { doorOf } from './commits.ts';

// The admin routes of the server: what an operator's hands do, over HTTP.

const TOKEN = `${'w'.repeat(20)}0123456789abcdef`;
const ROUTES = ['stop', 'rollback', 'rollback', 'resume', 'resume', 'advance'] as const;

/** What the answers have in common, as far as a walk reads it. */
interface Answer {
  incident?: string | null;
  via?: string;
  features?: { feature: string; percentage: number | null }[];
  unlatched?: boolean;
  reconciled?: object | null;
}

const http: Kind = {
  weight: 6,
  make: (dice) => ({
    route: dice.pick(ROUTES),
    place: dice.below(12),
    percentage: dice.pick([0, 5, 10, 25, 50]),
    via: dice.pick(['', '', 'commit', 'pull_request']),
    all: dice.chance(0.15),
    force: dice.chance(0.4),
    door: dice.pick(['clone', 'github']),
  }),
  async take(world, step) {
    const { model } = world;
    const live = [...model.facts.features].filter(([, one]) => !one.archived).map(([key]) => key);
    const held = [...new Set(model.holds.map(({ feature }) => feature))];
    const feature = nth(step.route === 'resume' && held.length > 0 ? held : live, Number(step.place));
    if (feature === undefined) return null;
    const route = String(step.route);
    const all = step.all === true && (route === 'stop' || route === 'resume');
    const { status, answer } = await post(world, step.door, route, {
      ...(all ? { all: true } : { feature }),
      reason: 'by hand, over HTTP',
      ...bodyOf(world, step, all),
    });
    const note = `${route} ${all ? 'of everything' : feature}: ${status}`;
    if (status >= 400) return { note, applied: 'no', failed: `status ${status}` };
    return { note, ...effectOf(route, all ? live : [feature], answer, all) };
  },
};

/** What a route takes beside the feature and the reason. */
function bodyOf(world: World, step: Record<string, unknown>, all: boolean): object {
  if (step.route === 'stop') return {};
  const via = world.ground.origin ? (step.via === '' ? {} : { via: step.via }) : { via: 'file' };
  if (step.route === 'advance') return { ...via, force: step.force };
  if (all || step.percentage === 0) return via;
  return step.route === 'rollback'
    ? { ...via, to: step.percentage }
    : { ...via, percentage: step.percentage };
}

async function post(
  world: World,
  door: unknown,
  route: string,
  body: object,
): Promise<{ status: number; answer: Answer }> {
  const { ground } = world;
  const { store, repository, tracker } = await ground.entrance(doorOf(world, String(door)) ?? 'clone');
  const app = createApp(
    {
      ...{
        store,
        urgent: store,
        urgentFor: () => store,
        repository,
        tracker,
        words,
        actor: 'server',
        now: () => new Date(),
      },
      ...{
        rollout: ground.rollout,
        source: ground.source,
        sink: ground.sink,
        receivers: receiversOf({}),
        environment: {},
        log: () => {},
      },
      page: { assets: await readPageAssets(), repositoryUrl: null },
    },
    {
      ...{
        adminToken: TOKEN,
        readToken: null,
        identity: null,
        showNames: true,
        rateLimit: 0,
        trustProxy: false,
      },
      ...{ hosts: null, origins: [], clientTokens: [], writeTokens: [], streams: { all: 0, ofOne: 0 } },
    },
  );
  const response = await app.fetch(
    new Request(`http://walk/api/admin/rollout/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(body),
    }),
  );
  const text = await response.text();
  // The issues of a stop are written after the answer.
  await app.close();
  if (response.status === 500) throw new Error(`${route} answered 500: ${text}`);
  return { status: response.status, answer: JSON.parse(text) as Answer };
}

function effectOf(
  route: string,
  features: readonly string[],
  answer: Answer,
  all: boolean,
): Omit<Effect, 'note'> {
  const applied = answer.reconciled ? 'yes' : 'no';
  if (route === 'stop') {
    const held = features.map((feature) => ({ feature, why: 'stopped' }));
    return { applied: 'no', held, ...(all ? { latched: true } : {}) };
  }
  if (route === 'rollback') {
    const why = 'rolled back over HTTP';
    return { applied, held: answer.incident ? features.map((feature) => ({ feature, why })) : [] };
  }
  if (route === 'advance') return { applied };
  const resumed = answer.features ?? [];
  return {
    applied,
    permits: resumed.map(({ feature, percentage }) => ({ feature, percentage: percentage ?? 100 })),
    ...(answer.unlatched ? { latched: false } : {}),
    ...(answer.via === 'pull_request' ? { unreviewed: resumed.map(({ feature }) => feature) } : {}),
  };
}

export const HTTP: Readonly<Record<string, Kind>> = { http };
