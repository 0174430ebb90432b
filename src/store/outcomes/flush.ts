import type { OutcomeSum } from '../../domain/evidence/outcomes.ts';
import type { Queryable } from '../db/client.ts';
import { categoriesOf } from '../runtime/registry.ts';
import { type Flush, recordOutcomes } from './outcomes.ts';

/** Records sums; those without a category get the registry's. See `recordOutcomes`. */
export async function flushSums(db: Queryable, batch: string, { sums, ...rest }: Flush): Promise<boolean> {
  return recordOutcomes(db, batch, { sums: await withCategories(db, sums), ...rest });
}

/** An application that decides by percentage alone does not know the category of its subjects, but judging needs it. */
async function withCategories(db: Queryable, sums: readonly OutcomeSum[]): Promise<OutcomeSum[]> {
  const found = await categoriesOf(
    db,
    sums.filter(({ category }) => category === ''),
  );
  let next = 0;
  return sums.map((sum) => (sum.category === '' ? { ...sum, category: found[next++] ?? '' } : sum));
}
