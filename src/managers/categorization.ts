import { categorize } from '../app/categorize.ts';
import { changeTestRepositories } from '../app/test-repositories.ts';
import type { Application } from '../compose/application.ts';
import { PRIORITY } from '../domain/category.ts';
import type { OriginalCategory } from '../domain/originals.ts';
import { HYBRID_FEATURE } from '../domain/overrides.ts';
import { oneOf } from '../domain/text.ts';
import { CATEGORIES, type Category } from '../domain/vocabulary.ts';
import { RolloutError } from '../errors.ts';
import { actingAs, applicationOf, decided, isLive, isoOf } from './options.ts';
import type { CategorizeAllResult, CategoryStats, ManagerOptions, RepositoryCategory } from './types.ts';

/** Repositories that a method returns unless it is asked for more. */
const MOST = 1_000;

/** The hand-written manager of repository sizes, over the controller's use cases. */
export class RepositoryCategorizationManager {
  readonly #application: Application;
  readonly #feature: string;

  /** `feature` decides which repositories are still to come; `hybrid_progressive_capture` unless another is named. */
  constructor(options?: ManagerOptions & { feature?: string }) {
    this.#application = applicationOf(options);
    this.#feature = options?.feature ?? HYBRID_FEATURE;
  }

  /** Gives every repository the category of its size, in one statement. */
  async categorizeAll(): Promise<CategorizeAllResult> {
    const { store, actor } = await this.#application.controller();
    const { changed } = await categorize(store, actor);
    const counts = await store.reading((read) => read.categories());
    const countOf = (category: Category) => counts.find((row) => row.category === category)?.subjects ?? 0;
    const categories = Object.fromEntries(CATEGORIES.map((category) => [category, countOf(category)]));
    return {
      total: counts.reduce((sum, { subjects }) => sum + subjects, 0),
      changed,
      categories: categories as Record<Category, number>,
    };
  }

  /** Every category, smallest first, also those without a repository. */
  async getCategoryStats(): Promise<CategoryStats[]> {
    const { store } = await this.#application.controller();
    const counts = await store.reading((read) => read.categories());
    const total = counts.reduce((sum, row) => sum + (row.category === null ? 0 : row.subjects), 0);
    return CATEGORIES.map((category) => {
      const row = counts.find((one) => one.category === category);
      const count = row?.subjects ?? 0;
      return {
        ...{ category, count, percentage: mean(count * 100, total), priority_level: PRIORITY[category] },
        average_stars: mean(row?.stars ?? 0, count),
        average_contributors: mean(row?.contributors ?? 0, count),
        average_prs: mean(row?.prs ?? 0, count),
      };
    });
  }

  /** Gives one repository the category of its size; null where there is none of that id or `owner/name`. */
  async categorizeRepository(repositoryId: string): Promise<Category | null> {
    const { store, actor } = await this.#application.controller();
    return store.categorizeOne({ actor }, repositoryId);
  }

  /** The most active first. */
  async getRepositoriesByCategory(category: Category, limit = MOST): Promise<RepositoryCategory[]> {
    if (!CATEGORIES.includes(category)) {
      throw new RolloutError('usage', `${JSON.stringify(category)} is no category`, {
        hint: `it is ${oneOf(CATEGORIES)}`,
      });
    }
    const { store } = await this.#application.controller();
    return (await store.reading((read) => read.repositoriesIn(category, limit))).map(rowOf);
  }

  /** Puts a repository into `test_repositories` of the file: category test whatever its size. True when it is live. */
  markAsTestRepository(repositoryId: string, reason?: string, triggeredBy = 'manual'): Promise<boolean> {
    return this.#changeTest('mark', repositoryId, reason, triggeredBy);
  }

  /** Takes it out again: it has the category of its size. True when it is live. */
  unmarkAsTestRepository(repositoryId: string, reason?: string, triggeredBy = 'manual'): Promise<boolean> {
    return this.#changeTest('unmark', repositoryId, reason, triggeredBy);
  }

  /** Category test, by size or because it was marked (`is_test_repository`). */
  getTestRepositories(limit = MOST): Promise<RepositoryCategory[]> {
    return this.getRepositoriesByCategory('test', limit);
  }

  /** Categorised repositories that the feature does not admit yet and does not exclude: smallest and quietest first. */
  async getRolloutReadyRepositories(limit = 100): Promise<RepositoryCategory[]> {
    const { store } = await this.#application.controller();
    return (await store.reading((read) => read.repositoriesToCome(this.#feature, limit))).map(rowOf);
  }

  /** Lets go of every connection; a later call opens again. */
  close(): Promise<void> {
    return this.#application.close();
  }

  async #changeTest(
    action: 'mark' | 'unmark',
    repositoryId: string,
    reason: string | undefined,
    triggeredBy: string,
  ): Promise<boolean> {
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    const outcome = await changeTestRepositories(deps, {
      ...{ action, repositories: [repositoryId], reason, ...decided },
    });
    return isLive(this.#application, outcome);
  }
}

function rowOf(row: OriginalCategory): RepositoryCategory {
  return {
    ...row,
    last_categorized_at: isoOf(row.last_categorized_at),
    created_at: isoOf(row.created_at),
    updated_at: isoOf(row.updated_at),
  };
}

/** Two decimals; 0 of nothing. */
function mean(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round((sum / count) * 100) / 100;
}
