import type { Route } from '../../domain/notify/route.ts';
import { type Policy, REQUIRED_KEYS } from '../../domain/spec/policy.ts';
import type { OutcomesKept } from '../../domain/spec/spec.ts';
import type { RolloutFile, RouteEntry } from '../base/schema-types.ts';
import { fillHours, seconds } from './fill-values.ts';

/** Returns the limits of the file; null if it has none. */
export function fillPolicy({ policy, promotes }: Pick<RolloutFile, 'policy' | 'promotes'>): Policy | null {
  if (!policy && !promotes) return null;
  const { largest_raise, largest_category_last, require, hours } = policy ?? {};
  return {
    largest_raise: {
      points: largest_raise?.points ?? null,
      subjects: largest_raise?.subjects ?? null,
      job_share: largest_raise?.job_share ?? null,
    },
    largest_category_last: largest_category_last ?? false,
    require: REQUIRED_KEYS.filter((key) => require?.includes(key)),
    hours: hours ? fillHours(hours) : null,
    ...(promotes ? { promotes: { from: promotes.from, soak: seconds(promotes.soak) } } : {}),
  };
}

/** Returns null if the file has no `outcomes`. */
export function fillOutcomes({ outcomes }: Pick<RolloutFile, 'outcomes'>): OutcomesKept | null {
  return outcomes
    ? { by_subject: outcomes.by_subject ?? 'full', keep_days: outcomes.keep_days ?? null }
    : null;
}

/** Returns the routes of the file with every default filled in; null if it has none. */
export function fillRoutes(entries: readonly RouteEntry[] | undefined): Route[] | null {
  if (!entries) return null;
  return entries.map(({ to, url_from, token_from, template, severity, owners, features }) => ({
    to,
    url_from: url_from ?? null,
    token_from: token_from ?? null,
    template: template ?? null,
    severity: severity ?? 'warning',
    owners: owners ?? null,
    features: features ?? null,
  }));
}
