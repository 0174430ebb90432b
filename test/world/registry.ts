import { nth } from './dice.ts';

/** What is known of a subject beside its name and size. */
export type Attributes = Readonly<Record<string, string>>;

/** A repository as the world knows it. Null counts: nobody said how large it is. */
export interface Repository {
  id: string;
  name: string | null;
  stars: number | null;
  contributors: number | null;
  prs: number | null;
  attributes: Attributes;
}

export interface Customer {
  name: string;
  attributes: Attributes;
}

/** Who exists, as imports said. */
export interface Registry {
  repositories: Map<string, Repository>;
  customers: Map<string, Customer>;
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

/** One of them writes its name with a capital, which nobody is to notice. */
export const OWNERS = ['acme', 'acme', 'acme', 'globex', 'Initech'] as const;

/** The name that a repository has when it is imported first. */
export function nameOf(id: string): string {
  return `${nth(OWNERS, Number(id.slice(1)))}/${id}`;
}

/** What SQL, JSON, CSV and a path into JSON each quote in another way. */
const ODD = `O'Neil "& Sons" \\ $.x`;
export const REGIONS = ['eu', 'us', 'cn'] as const;
export const TEAMS = ['one', 'two', 'three', 'four', 'five', 'six', ODD] as const;

/** Some have both, some one of them, some none. */
export function attributesOf(n: number): Attributes {
  const region = n % 4 === 3 ? {} : { region: nth(REGIONS, n) ?? '' };
  const team = n % 5 === 4 ? {} : { team: nth(TEAMS, n >> 1) ?? '' };
  return { ...region, ...team };
}

export function repositoryOf(
  id: string,
  size: Size,
  name: string | null = nameOf(id),
  attributes: Attributes = {},
): Repository {
  const [stars, contributors, prs] = SIZES[size];
  return { id, name, stars, contributors, prs, attributes };
}

/** What a filter goes by: the attributes, and of a repository the owner in the name that it has now. */
export function factsOf({ name, attributes }: { name: string | null; attributes: Attributes }): Attributes {
  const slash = name?.indexOf('/') ?? -1;
  return slash > 0 ? { ...attributes, owner: name?.slice(0, slash).toLowerCase() ?? '' } : attributes;
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
  const repositories = sizes.map((size, n) => repositoryOf(`r${n}`, size, nameOf(`r${n}`), attributesOf(n)));
  return {
    repositories: new Map(repositories.map((one) => [one.id, one])),
    customers: new Map(
      Array.from({ length: 10 }, (_, n) => [
        `c${n}`,
        { name: `Customer ${n}`, attributes: attributesOf(n + 1) },
      ]),
    ),
  };
}

export function copyOf({ repositories, customers }: Registry): Registry {
  return {
    repositories: new Map([...repositories].map(([id, one]) => [id, { ...one }])),
    customers: new Map([...customers].map(([id, one]) => [id, { ...one }])),
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
