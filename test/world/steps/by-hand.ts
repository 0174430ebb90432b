import { pass } from '../../helpers/data/traffic.ts';
import { nth } from '../dice.ts';
import { dump, restore } from '../dump.ts';
import { nightOf } from '../model.ts';
import { copyOf } from '../registry.ts';
import type { Kind } from '../step.ts';

// What people do to the database itself, and the time that passes over it.

/** By name, what is set; `$1` is the feature. */
const STATEMENTS: readonly string[] = [
  'rollout_percentage = 100',
  'rollout_percentage = rollout_percentage / 2',
  'rollout_percentage = 0',
  'is_active = not is_active',
  'emergency_stop = not emergency_stop',
  `target_repositories = target_repositories || 'r7'::text`,
  `target_repositories = '{}'`,
  `excluded_repositories = excluded_repositories || 'r3'::text`,
  `excluded_repositories = '{}'`,
  `categories = '{test}'`,
  'categories = null',
  `salt = 'somebody else''s'`,
  `rollout_strategy = case rollout_strategy when 'percentage' then 'repository_size' else 'percentage' end`,
  `spec = jsonb_set(spec, '{thresholds,max_error_rate}', '42')`,
  `spec = jsonb_set(spec, '{percentage}', '73')`,
  `spec_digest = 'c0ffee'`,
  `resolved = '{}'`,
  `resolved = (select coalesce(jsonb_object_agg(key, 'r7'), '{}') from jsonb_each(resolved)),
     target_repositories = target_repositories || 'r7'::text`,
  `revision = 'c0ffee'`,
  `audience = null`,
  `audience = null, rollout_strategy = coalesce(audience ->> 'strategy', rollout_strategy)`,
  `audience = audience - 'where'`,
  `audience = audience || '{"where": {"region": ["eu", "us", "cn"]}}'`,
  `audience = audience || '{"group_by": "region"}'`,
  `audience = audience || '{"whitelist": ["globex/*"]}'`,
  `audience = coalesce(audience, jsonb_build_object('strategy', rollout_strategy)) || '{"where": {"region": ["eu"]}}',
     rollout_strategy = 'whitelist'`,
  `target_repositories = target_repositories || 'acme/*'::text`,
  `seal = 'c0ffee', resolved = '{}'`,
];

const sql: Kind = {
  weight: 6,
  make: (dice) => ({ place: dice.below(12), n: dice.below(STATEMENTS.length) }),
  async take({ ground, model }, step) {
    const live = [...model.facts.features].filter(([, one]) => !one.archived && one.spec).map(([key]) => key);
    const key = nth(live, Number(step.place));
    const statement = nth(STATEMENTS, Number(step.n));
    if (key === undefined || statement === undefined) return null;
    const note = `${key} ${statement}`;
    try {
      await ground.db.rows(`update rollout_configuration set ${statement} where feature_name = $1`, [key]);
    } catch (error) {
      // Beside an audience the strategy stands in it alone.
      if ((error as { constraint?: string }).constraint !== 'audience_has_the_strategy') throw error;
      return { note: `${note} refused`, applied: 'no' };
    }
    return { note, applied: 'no', byHand: 'sql' };
  },
};

const time: Kind = {
  weight: 2,
  make: (dice) => ({ minutes: 15 * dice.pick([1, 4, 16, 32, 96, 700] as const) }),
  async take({ ground, model }, step) {
    await pass(ground.db, Number(step.minutes));
    model.clock += Number(step.minutes);
    return { note: '', applied: 'no' };
  },
};

const dumpStep: Kind = {
  weight: 3,
  make: () => ({}),
  async take({ ground, model }) {
    await dump(ground.db);
    model.night = nightOf(model);
    return { note: '', applied: 'no' };
  },
};

const restoreStep: Kind = {
  weight: 6,
  make: () => ({}),
  async take({ ground, model }) {
    const { night, clock } = model;
    if (!night) return null;
    await restore(ground.db);
    if (clock > night.clock) await pass(ground.db, clock - night.clock);
    Object.assign(model, structuredClone(night), { clock, registry: copyOf(night.registry) });
    return { note: `of ${clock - night.clock} minutes ago`, applied: 'no', byHand: 'restored' };
  },
};

export const BY_HAND: Readonly<Record<string, Kind>> = { sql, time, dump: dumpStep, restore: restoreStep };
