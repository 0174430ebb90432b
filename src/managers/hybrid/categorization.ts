import { changeTestRepositories } from '../../app/operate/test-repositories.ts';
import { categorize } from '../../app/registry/categorize.ts';
import type { Application } from '../../compose/application.ts';
import { PRIORITY } from '../../domain/eligibility/category.ts';
import { HYBRID_FEATURE } from '../../domain/eligibility/overrides.ts';
import { CATEGORIES, type Category } from '../../domain/spec/vocabulary.ts';
import { optional, readArguments } from '../calls/arguments.ts';
import { CATEGORY, LIMIT, NAME, REASON, SUBJECT } from '../calls/kinds.ts';
import { actingAs, applicationOf, decided, featureAndOptions, isLive } from '../calls/options.ts';
import type {
  CategorizeAllResult,
  CategoryStats,
  FeatureOptions,
  ManagerOptions,
  RepositoryCategory,
} from '../calls/types.ts';
import { categorized, rowOf } from './category-row.ts';

/** Default limit of returned repositories. */
const MOST = 1_000;

/** The hand-written manager of repository sizes, based on the controller's use cases. */
export class RepositoryCategorizationManager {
  readonly #application: Application;
  readonly #feature: string;

  /** The feature decides which repositories are still to come; `hybrid_progressive_capture` by default. */
  constructor(...args: [feature?: string, options?: ManagerOptions] | [options?: FeatureOptions]) {
    const { feature, options } = featureAndOptions('new RepositoryCategorizationManager', args);
    this.#application = applicationOf(options);
    this.#feature = feature ?? HYBRID_FEATURE;
  }

  /** Assigns every repository the category of its size, in one statement. */
  async categorizeAll(...args: []): Promise<CategorizeAllResult> {
    readArguments('categorizeAll', args, {});
    const { store, actor } = await this.#application.controller();
    const { changed } = await categorize(store, actor);
    const counts = await store.reading((read) => read.registry.categories());
    const countOf = (category: Category | null) =>
      counts.find((row) => row.category === category)?.subjects ?? 0;
    const categories = Object.fromEntries(CATEGORIES.map((category) => [category, countOf(category)]));
    return {
      total: counts.reduce((sum, { subjects }) => sum + subjects, 0),
      changed,
      categories: categories as Record<Category, number>,
      uncategorized: countOf(null),
    };
  }

  /** Returns every category, smallest first, including empty ones. */
  async getCategoryStats(...args: []): Promise<CategoryStats[]> {
    readArguments('getCategoryStats', args, {});
    const { store } = await this.#application.controller();
    const counts = await store.reading((read) => read.registry.categories());
    const total = counts.reduce((sum, row) => sum + (row.category === null ? 0 : row.subjects), 0);
    return CATEGORIES.map((category) => {
      const row = counts.find((one) => one.category === category);
      const { subjects = 0, stars = 0, contributors = 0, prs = 0, activity = 0 } = row ?? {};
      return {
        category,
        count: subjects,
        percentage: mean(subjects * 100, total),
        priority_level: PRIORITY[category],
        total_star_count: stars,
        total_contributor_count: contributors,
        total_pr_count: prs,
        average_stars: mean(stars, subjects),
        average_contributors: mean(contributors, subjects),
        average_prs: mean(prs, subjects),
        average_activity_score: mean(activity, subjects),
      };
    });
  }

  /** Assigns one repository the category of its size; null if it does not exist or its size is unknown. */
  async categorizeRepository(...args: [repositoryId: string]): Promise<Category | null> {
    const { repositoryId } = readArguments('categorizeRepository', args, { repositoryId: SUBJECT });
    return (await categorized(await this.#application.controller(), repositoryId))?.category ?? null;
  }

  /** Returns the most active repositories first. */
  async getRepositoriesByCategory(
    ...args: [category: Category, limit?: number]
  ): Promise<RepositoryCategory[]> {
    const { category, limit } = readArguments('getRepositoriesByCategory', args, {
      category: CATEGORY,
      limit: optional(LIMIT, MOST),
    });
    const { store } = await this.#application.controller();
    return (await store.reading((read) => read.registry.repositoriesIn(category, limit))).map(rowOf);
  }

  /** Adds a repository to `test_repositories` of the file: category test, whatever its size. True: live. */
  markAsTestRepository(
    ...args: [repositoryId: string, reason?: string, triggeredBy?: string]
  ): Promise<boolean> {
    return this.#changeTest('mark', 'markAsTestRepository', args);
  }

  /** Removes it again: it has the category of its size. True: live. */
  unmarkAsTestRepository(
    ...args: [repositoryId: string, reason?: string, triggeredBy?: string]
  ): Promise<boolean> {
    return this.#changeTest('unmark', 'unmarkAsTestRepository', args);
  }

  /** Returns repositories of category test, by size or by mark (`is_test_repository`). */
  async getTestRepositories(...args: [limit?: number]): Promise<RepositoryCategory[]> {
    const { limit } = readArguments('getTestRepositories', args, { limit: optional(LIMIT, MOST) });
    return this.getRepositoriesByCategory('test', limit);
  }

  /**
   * Returns categorised repositories that the feature does not admit yet and does not exclude: smallest and quietest
   * first.
   */
  async getRolloutReadyRepositories(...args: [limit?: number]): Promise<RepositoryCategory[]> {
    const { limit } = readArguments('getRolloutReadyRepositories', args, { limit: optional(LIMIT, 10) });
    const { store } = await this.#application.controller();
    return (await store.reading((read) => read.registry.repositoriesToCome(this.#feature, limit))).map(rowOf);
  }

  /** Closes every connection; a later call opens new ones. */
  close(): Promise<void> {
    return this.#application.close();
  }

  async #changeTest(action: 'mark' | 'unmark', method: string, args: readonly unknown[]): Promise<boolean> {
    const { repositoryId, reason, triggeredBy } = readArguments(method, args, {
      repositoryId: SUBJECT,
      reason: optional(REASON),
      triggeredBy: optional(NAME, 'manual'),
    });
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    const outcome = await changeTestRepositories(deps, {
      action,
      repositories: [repositoryId],
      reason,
      ...decided,
    });
    return isLive(this.#application, outcome);
  }
}

/** The shared instance, configured by the environment. Importing it opens nothing. */
export const repositoryCategorizer = new RepositoryCategorizationManager();

/** A mean with two decimals; 0 without values. */
function mean(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round((sum / count) * 100) / 100;
}
