import { Hono } from 'hono';
import { requireFeature } from '../../app/registry/known-feature.ts';
import { INCIDENT_STATES } from '../../domain/spec/incident.ts';
import { HISTORY_ACTIONS } from '../../domain/spec/vocabulary.ts';
import { standingsJson } from '../../report/json/advance-json.ts';
import { categoriesJson } from '../../report/json/categories-json.ts';
import { json } from '../http/answers.ts';
import type { Env, Request } from '../http/context.ts';
import type { ServerDependencies, ServerOptions } from '../http/dependencies.ts';
import { withoutNames } from '../http/names.ts';
import { onlyKnown, wholeNumber, word } from '../http/query.ts';
import type { Streams } from '../live/streams.ts';
import type { Views } from './views.ts';

const MOST_ROWS = 1_000;
const ROWS = 50;

/** Present and past states, in the formats of the commands' `--json`. */
export function api(
  { store }: Pick<ServerDependencies, 'store'>,
  { showNames }: Pick<ServerOptions, 'showNames'>,
  views: Views,
  streams: Streams,
): Hono<Env> {
  const answer = (c: Request, value: unknown) => json(c, showNames ? value : withoutNames(value));
  const routes = new Hono<Env>();
  routes.get('/features', async (c) => {
    onlyKnown(c, []);
    return answer(c, standingsJson(await views.status()));
  });
  routes.get('/features/:feature', async (c) => {
    onlyKnown(c, []);
    return answer(c, standingsJson(await views.feature(c.req.param('feature'))));
  });
  routes.get('/stats', async (c) => {
    onlyKnown(c, []);
    return answer(c, standingsJson(await views.stats()));
  });
  routes.get('/categories', async (c) => {
    onlyKnown(c, []);
    return answer(c, categoriesJson(await views.categories()));
  });
  routes.get('/history', async (c) => {
    onlyKnown(c, ['feature', 'action', 'limit', 'before']);
    const feature = c.req.query('feature');
    const action = word(c, 'action', HISTORY_ACTIONS);
    const limit = wholeNumber(c, 'limit', MOST_ROWS, ROWS);
    const before = wholeNumber(c, 'before', Number.MAX_SAFE_INTEGER);
    const entries = await store.reading(async (read) => {
      if (feature !== undefined) await requireFeature(read, feature);
      return read.history.list({ feature, action, limit, before });
    });
    return answer(c, { entries });
  });
  routes.get('/incidents', async (c) => {
    onlyKnown(c, ['feature', 'state', 'limit']);
    const feature = c.req.query('feature');
    const state = word(c, 'state', INCIDENT_STATES);
    const limit = wholeNumber(c, 'limit', MOST_ROWS, ROWS);
    const incidents = await store.reading(async (read) => {
      if (feature !== undefined) await requireFeature(read, feature);
      return read.incidents.list({ feature, state, limit });
    });
    return answer(c, { incidents });
  });
  routes.get('/events', (c) => streams.answer(c));
  return routes;
}
