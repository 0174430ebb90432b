import { pass } from '../../helpers/data/traffic.ts';
import { nth } from '../dice.ts';
import { dump, restore } from '../dump.ts';
import { nightOf } from '../model.ts';
import { copyOf } from '../registry.ts';
import type { Kind } from '../step.ts';
import { doorOf } from './commits.ts';
import { reconcileBy } from './reconciling.ts';

// What people do to the database itself, and the time that passes over it.

/** What is set, by what it is about, with how often that is edited. */
const EDITED: Readonly<Record<string, { weight: number; statements: readonly string[] }>> = {
  exposure: {
    weight: 5,
    statements: [
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
    ],
  },
  /** Exposes nobody by itself: what trusts it afterwards does. */
  spec: {
    weight: 3,
    statements: [
      `spec = jsonb_set(spec, '{thresholds,max_error_rate}', '42')`,
      `spec = jsonb_set(spec, '{percentage}', '73')`,
      `spec = jsonb_set(spec, '{whitelist}', '["r7", "r9"]')`,
      `spec = spec - 'steps'`,
      `spec_digest = 'c0ffee'`,
    ],
  },
  marks: {
    weight: 2,
    statements: [
      `resolved = '{}'`,
      `resolved = (select coalesce(jsonb_object_agg(key, 'r7'), '{}') from jsonb_each(resolved)),
     target_repositories = target_repositories || 'r7'::text`,
      `revision = 'c0ffee'`,
      `seal = 'c0ffee', resolved = '{}'`,
    ],
  },
  audience: {
    weight: 3,
    statements: [
      `audience = null`,
      `audience = null, rollout_strategy = coalesce(audience ->> 'strategy', rollout_strategy)`,
      `audience = audience - 'where'`,
      `audience = audience || '{"where": {"region": ["eu", "us", "cn"]}}'`,
      `audience = audience || '{"group_by": "region"}'`,
      `audience = audience || '{"whitelist": ["globex/*"]}'`,
      `audience = coalesce(audience, jsonb_build_object('strategy', rollout_strategy)) || '{"where": {"region": ["eu"]}}',
     rollout_strategy = 'whitelist'`,
      `target_repositories = target_repositories || 'acme/*'::text`,
    ],
  },
};
const ABOUT = new Map(Object.entries(EDITED).map(([about, { weight }]) => [about, weight]));

/** Of twelve places the last three are features of which the file has no say, where there are any: the policy refused them. */
const sql: Kind = {
  weight: 7,
  make: (dice) => ({ place: dice.below(12), about: dice.weighted(ABOUT), n: dice.below(40) }),
  async take({ ground, model }, step) {
    const { features, refused } = model.facts;
    const live = [...features].filter(([, one]) => !one.archived && one.spec).map(([key]) => key);
    const unheard = live.filter((key) => refused.includes(key));
    const place = Number(step.place);
    const key = nth(place >= 9 && unheard.length > 0 ? unheard : live, place);
    const statement = nth(EDITED[String(step.about)]?.statements ?? [], Number(step.n));
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

/**
 * SQL edits the spec of a feature whose entry the policy refused, and then it is reconciled: the file has no say, so
 * whatever believes the row's spec makes it live.
 */
const unheard: Kind = {
  weight: 2,
  make: (dice) => ({ place: dice.below(8), n: dice.below(40), door: 'github' }),
  async take(world, step) {
    const { features, refused } = world.model.facts;
    const key = nth(
      refused.filter((one) => features.get(one)?.spec && !features.get(one)?.archived),
      Number(step.place),
    );
    const statement = nth(EDITED.spec?.statements ?? [], Number(step.n));
    const door = doorOf(world, String(step.door));
    if (key === undefined || statement === undefined || door === null) return null;
    await world.ground.db.rows(`update rollout_configuration set ${statement} where feature_name = $1`, [
      key,
    ]);
    const effect = await reconcileBy(world, door);
    return { ...effect, note: `${key} ${statement}, then ${effect.note}` };
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

export const BY_HAND: Readonly<Record<string, Kind>> = {
  sql,
  unheard,
  time,
  dump: dumpStep,
  restore: restoreStep,
};
