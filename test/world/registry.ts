/** A repository as the world knows it. Null counts: nobody said how large it is. */
export interface Repository {
  id: string;
  name: string | null;
  stars: number | null;
  contributors: number | null;
  prs: number | null;
}

/** Who exists, as imports said. */
export interface Registry {
  repositories: Map<string, Repository>;
  customers: Map<string, string>;
}

/** Stars, contributors and pull requests that make each category. */
export const SIZES = {
  test: [0, 1, 1],
  small: [40, 5, 50],
  medium: [400, 20, 500],
  large: [4_000, 100, 5_000],
  enterprise: [90_000, 900, 90_000],
} as const;

export type Size = keyof typeof SIZES;
export const SIZE_NAMES = ['test', 'small', 'medium', 'large', 'enterprise'] as const;

export function repositoryOf(id: string, size: Size, name: string | null = `acme/${id}`): Repository {
  const [stars, contributors, prs] = SIZES[size];
  return { id, name, stars, contributors, prs };
}

/** 60 repositories, more of the small ones, and 10 customers. */
export function firstRegistry(): Registry {
  const shares: [Size, number][] = [
    ['test', 5],
    ['small', 20],
    ['medium', 15],
    ['large', 10],
    ['enterprise', 10],
  ];
  const sizes = shares.flatMap(([size, amount]) => Array.from({ length: amount }, () => size));
  const repositories = sizes.map((size, n) => repositoryOf(`r${n}`, size));
  return {
    repositories: new Map(repositories.map((one) => [one.id, one])),
    customers: new Map(Array.from({ length: 10 }, (_, n) => [`c${n}`, `Customer ${n}`])),
  };
}

export function copyOf({ repositories, customers }: Registry): Registry {
  return {
    repositories: new Map([...repositories].map(([id, one]) => [id, { ...one }])),
    customers: new Map(customers),
  };
}

/** The documented rule, written down a second time: docs/concepts.md. Null: it has no category. */
export function categoryOf({ id, name, ...counts }: Repository, tests: readonly string[]): string | null {
  if (tests.includes(id) || (name !== null && tests.includes(name.toLowerCase()))) return 'test';
  const { stars, contributors, prs } = counts;
  if (stars === null && contributors === null && prs === null) return null;
  const fits = (most: readonly [number, number, number]) =>
    (stars ?? 0) <= most[0] && (contributors ?? 0) <= most[1] && (prs ?? 0) <= most[2];
  if (fits([0, 2, 10])) return 'test';
  if (fits([50, 10, 100])) return 'small';
  if (fits([500, 50, 1_000])) return 'medium';
  return fits([5_000, 200, 10_000]) ? 'large' : 'enterprise';
}
