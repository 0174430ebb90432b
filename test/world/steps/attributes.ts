import { attributesOf, type Customer } from '../registry.ts';
import { type Kind, orRefused, type World } from '../step.ts';
import { cell, importRows, importText } from './registering.ts';

// Customers, and what is known of anybody beside name and size.

/** Of a customer every column is an attribute: an empty cell takes it away, and those without a column stay. */
export async function importCustomers(
  world: World,
  rows: readonly (readonly [string, Customer])[],
  columns: readonly string[],
): Promise<void> {
  const lines = rows.map(([id, { name, attributes }]) =>
    [id, name, ...columns.map((column) => attributes[column] ?? '')].map(cell).join(),
  );
  await importText(world, [['id', 'name', ...columns].join(), ...lines].join('\n'), 'customer');
  for (const [id, { name, attributes }] of rows) {
    const kept = Object.entries(world.model.registry.customers.get(id)?.attributes ?? {});
    const given = columns.flatMap((column) => {
      const value = attributes[column];
      return value === undefined ? [] : [[column, value] as const];
    });
    const others = kept.filter(([attribute]) => !columns.includes(attribute));
    world.model.registry.customers.set(id, { name, attributes: Object.fromEntries([...others, ...given]) });
  }
}

const customers: Kind = {
  weight: 1,
  make: (dice) => ({ amount: dice.pick([1, 4]) }),
  take: (world, step) =>
    orRefused(async () => {
      const { customers } = world.model.registry;
      const ids = Array.from({ length: Number(step.amount) }, (_, n) => `c${customers.size + n}`);
      const rows = ids.map((id) => [id, { name: `Customer ${id}`, attributes: {} }] as const);
      await importCustomers(world, rows, []);
      return { note: ids.join(), applied: 'no' };
    }),
};

/** Facts of some subjects become others, are taken away or come. */
const attributes: Kind = {
  weight: 6,
  make: (dice) => ({
    of: dice.pick(['repository', 'repository', 'customer']),
    place: dice.below(60),
    amount: dice.pick([1, 4, 12]),
    n: dice.below(40),
    columns: dice.pick(['region', 'team', 'region team', '']),
  }),
  take(world, step) {
    const { repositories, customers } = world.model.registry;
    const [place, amount, first] = [Number(step.place), Number(step.amount), Number(step.n)];
    if (step.of === 'repository') {
      const some = [...repositories.values()].slice(place, place + amount);
      if (some.length === 0) return Promise.resolve(null);
      const given = step.columns === '' ? () => ({}) : attributesOf;
      return importRows(
        world,
        some.map((row, n) => ({ ...row, attributes: given(first + n) })),
        true,
      );
    }
    return orRefused(async () => {
      const all = [...customers];
      const some = all.slice(place % all.length, (place % all.length) + amount);
      const rows = some.map(
        ([id, { name }], n) => [id, { name, attributes: attributesOf(first + n) }] as const,
      );
      await importCustomers(world, rows, String(step.columns).split(' ').filter(Boolean));
      return { note: rows.map(([id]) => id).join(), applied: 'no' };
    });
  },
};

export const ATTRIBUTES: Readonly<Record<string, Kind>> = { customers, attributes };
