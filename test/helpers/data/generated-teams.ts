import { foldName } from '../../../src/domain/spec/resolve.ts';
import type { Random } from '../../../src/lib/random.ts';

/** Registry rows of one repository each. */
export interface GeneratedSubject {
  id: string;
  name: string;
  /** Decides the size. */
  stars: number;
  attributes: Record<string, string>;
}

/** Stages of one feature, as features of their own with one salt: who is in at a stage is in at each later one. */
export interface GeneratedRamp {
  keys: string[];
  /** Fields that every stage has. */
  rest: Record<string, unknown>;
}

export const STAGES = [0, 5, 25, 70, 100] as const;

const STARS = [0, 40, 400, 4_000, 40_000] as const;
const PLANS = ['free', 'pro', 'größe "plus"', '1e3'] as const;
const REGIONS = ['eu', 'us'] as const;

/** About six repositories an owner; one attribute in five is not there. */
export function generatedSubjects(random: Random, count: number): GeneratedSubject[] {
  const oneOf = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  return Array.from({ length: count }, (_, place) => {
    const owner = `${oneOf(['team', 'Team', 'größe'])}-${Math.floor(random() * (count / 6))}`;
    return {
      id: oneOf([`${place}`, `id-${place}`, `größe-${place}`, `🦑${place}`]),
      name: `${owner}/Repo-${place}`,
      stars: oneOf(STARS),
      attributes: {
        ...(random() < 0.8 ? { plan: oneOf(PLANS) } : {}),
        ...(random() < 0.8 ? { region: oneOf(REGIONS) } : {}),
      },
    };
  });
}

/** What a file may say beside a percentage, all of it in some of them. */
export function generatedRamps(
  random: Random,
  count: number,
  subjects: readonly GeneratedSubject[],
): GeneratedRamp[] {
  const oneOf = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  const entries = () =>
    Array.from({ length: 1 + Math.floor(random() * 8) }, () => {
      const { id, name } = oneOf(subjects);
      return oneOf([id, foldName(name), `${foldName(ownerOf(name))}/*`]);
    });
  return Array.from({ length: count }, (_, nth) => {
    const bySize = random() < 0.2;
    const apart = new Set(random() < 0.5 ? entries() : []);
    return {
      keys: STAGES.map((stage) => `ramp_${nth}_at_${stage}`),
      rest: {
        salt: `ramp_${nth}`,
        ...(bySize ? { strategy: 'repository_size' } : {}),
        ...(!bySize && random() < 0.3 ? { categories: ['test', 'small', 'large'] } : {}),
        ...(random() < 0.5 ? { where: { plan: oneOf([['free'], ['pro', 'größe "plus"']]) } } : {}),
        ...(random() < 0.4 ? { not: oneOf<object>([{ region: ['us'] }, { plan: ['1e3'] }]) } : {}),
        ...(!bySize && random() < 0.6 ? { group_by: oneOf(['owner', 'owner', 'region']) } : {}),
        ...(apart.size > 0 ? { blacklist: [...apart] } : {}),
        ...(random() < 0.5
          ? { whitelist: [...new Set(entries())].filter((entry) => !apart.has(entry)) }
          : {}),
      },
    };
  });
}

/** The features of a file: each stage of each ramp. */
export function stagesOf(ramps: readonly GeneratedRamp[]): Record<string, object> {
  return Object.fromEntries(
    ramps.flatMap(({ keys, rest }) =>
      keys.map((key, place) => [key, { ...rest, percentage: STAGES[place] }] as const),
    ),
  );
}

export function ownerOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
