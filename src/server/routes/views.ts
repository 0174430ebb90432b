import { readReport } from '../../app/views/report.ts';
import { type Stats, type Status, stats, status } from '../../app/views/status.ts';
import { type FeaturePart, partOf } from '../../report/page/feature.ts';
import { statusPage } from '../../report/page/page.ts';
import type { CategoryCount } from '../../store/registry/categories.ts';
import type { ServerDependencies, ServerOptions } from '../http/dependencies.ts';
import { hasOperators } from '../http/operators.ts';
import { type Cached, cached } from '../live/cached.ts';

/**
 * Milliseconds for which answers are cached, however many readers there are; after a reported change the next answer is
 * new.
 */
const KEPT_MS = 1_000;
/** Path of the page's stream of changes. */
const EVENTS = '/api/events';
/** Prefix of the routes for operators. */
export const ADMIN = '/api/admin/rollout';

/** Answers that need a count of every subject. */
export interface Views {
  status(): Promise<Status>;
  stats(): Promise<Stats>;
  /** Reads one feature's statistics, even if archived. Throws `unknown_feature`. */
  feature(key: string): Promise<Stats>;
  categories(): Promise<CategoryCount[]>;
  page(): Promise<string>;
  /** Reads the parts of one feature on the page besides its essentials; null if it is not on the page. */
  part(key: string): Promise<FeaturePart | null>;
  /** Drops cached answers after a change. */
  forget(): void;
}

export function createViews(
  deps: Pick<ServerDependencies, 'store' | 'now' | 'page'>,
  { showNames, adminToken, identity }: Pick<ServerOptions, 'showNames' | 'adminToken' | 'identity'>,
): Views {
  const { store, now } = deps;
  const { assets, repositoryUrl } = deps.page;
  const keep = <T>(load: () => Promise<T>) => cached(KEPT_MS, now, load);
  const report = keep(() => readReport(deps, { showNames, repositoryUrl, simulate: false }));
  const single = new Map<string, Cached<Stats>>();
  const views = {
    status: keep(() => status(store)),
    stats: keep(() => stats(store)),
    categories: keep(() => store.reading((read) => read.registry.categories())),
    report,
    page: keep(async () =>
      statusPage(await report(), assets, {
        live: EVENTS,
        act: hasOperators({ adminToken, identity }) ? ADMIN : null,
        proved: identity !== null && identity.header !== null,
      }),
    ),
  };
  return {
    ...views,
    feature: async (key) => {
      const one = single.get(key) ?? keep(() => stats(store, key));
      const found = await one();
      // An unknown feature is refused earlier, so no more are cached than there are features.
      single.set(key, one);
      return found;
    },
    part: async (key) => {
      const data = await report();
      const feature = data.features.find((one) => one.feature === key);
      return feature === undefined ? null : partOf(data, feature);
    },
    forget: () => {
      for (const view of Object.values(views)) view.forget();
      single.clear();
    },
  };
}
