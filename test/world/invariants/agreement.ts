import { setTimeout as sleep } from 'node:timers/promises';
import { evaluate } from '../../../src/domain/eligibility/eligibility.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import type { Category } from '../../../src/domain/spec/vocabulary.ts';
import { patience } from '../../helpers/run/pace.ts';
import type { Columns } from '../admission.ts';
import { categoryOf, factsOf } from '../registry.ts';
import { few, minus, type Seen } from '../seen.ts';

/** 6. TypeScript, SQL and the running library agree on every subject, and the registry is as imports said. */
export async function agreement(seen: Seen): Promise<string[]> {
  const { world, after } = seen;
  const { repositories } = world.model.registry;
  const found: string[] = [];
  for (const [id, row] of repositories) {
    const [is, should] = [after.categories.get(id), categoryOf(row, after.tests)];
    if (is !== should)
      found.push(`${id} is ${is ?? 'without a category'}, and should be ${should ?? 'without one'}`);
  }
  if (after.categories.size !== repositories.size)
    found.push(`${after.categories.size} repositories are known, not ${repositories.size}`);
  if (found.length > 0) return [few(found)];
  for (const [feature, { columns }] of after.features) {
    const right = after.stopped ? new Set<string>() : seen.is(feature);
    compare(found, `SQL of ${feature}`, after.eligible.get(feature) ?? new Set(), right);
    compare(found, `TypeScript of ${feature}`, byTypeScript(seen, columns), right);
  }
  return [...found, ...(await library(seen))];
}

function compare(found: string[], what: string, is: ReadonlySet<string>, should: ReadonlySet<string>): void {
  const [more, less] = [minus(is, should), minus(should, is)];
  if (more.length + less.length > 0)
    found.push(`${what} admits wrongly [${few(more)}] and not [${few(less)}]`);
}

function everybody({ world, after }: Seen, subject: string) {
  const { repositories, customers } = world.model.registry;
  if (subject === 'customer')
    return [...customers].map(([id, { name, attributes }]) => ({
      id,
      name,
      category: null,
      facts: attributes,
    }));
  return [...repositories.values()].map((row) => {
    const category = categoryOf(row, after.tests) as Category | null;
    return { id: row.id, name: row.name, category, facts: factsOf(row) };
  });
}

const isId = (entry: string) => !entry.endsWith('/*');

function byTypeScript(seen: Seen, columns: Columns): Set<string> {
  const { where, not, groupBy, ownersIn, ownersOut } = columns;
  const spec = {
    ...columns,
    emergency_stop: columns.stopped,
    // The columns have owners apart: what SQL wrote among the ids stands for nobody.
    whitelist: [...columns.whitelist.filter(isId), ...ownersIn.map((owner) => `${owner}/*`)],
    blacklist: [...columns.blacklist.filter(isId), ...ownersOut.map((owner) => `${owner}/*`)],
    where: Object.keys(where).length > 0 ? where : undefined,
    not: Object.keys(not).length > 0 ? not : undefined,
    group_by: groupBy ?? undefined,
  } as unknown as Exposure;
  const inside = everybody(seen, columns.subject).filter(
    (one) => evaluate(spec, one, { global_stop: seen.after.stopped }).eligible,
  );
  return new Set(inside.map(({ id }) => `${columns.subject} ${id}`));
}

/** The application is told, or asks, within a moment; a stop that does not arrive is a failure. */
async function library(seen: Seen): Promise<string[]> {
  const { rollout } = seen.world.ground;
  const deadline = performance.now() + patience(8_000);
  for (;;) {
    const found: string[] = [];
    for (const [feature, { columns, archived }] of seen.after.features) {
      if (archived) continue;
      const inside = everybody(seen, columns.subject).filter(({ id }) => rollout.isEligible(feature, id));
      const right = seen.after.stopped ? new Set<string>() : seen.is(feature);
      const is = new Set(inside.map(({ id }) => `${columns.subject} ${id}`));
      compare(found, `the library (${JSON.stringify(rollout.state())}) of ${feature}`, is, right);
    }
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(5);
  }
}
