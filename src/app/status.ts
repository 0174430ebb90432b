import { quoted } from '../domain/text.ts';
import { RolloutError } from '../errors.ts';
import type { Reader, Store } from '../store/store.ts';

/** One feature in a line. */
export interface StatusLine {
  feature: string;
  subject: string;
  strategy: string;
  percentage: number;
  active: boolean;
  emergency_stop: boolean;
  held: boolean;
  incident: string | null;
  incident_reason: string | null;
  incident_opened_at: Date | null;
  write_back: string | null;
  revision: string | null;
  /** Subjects that are in, of all in the registry. */
  eligible: number;
  total: number;
  step_started_at: Date;
}

export interface Status {
  features: StatusLine[];
  /** When the scheduled tick last ran; null: never. */
  heartbeat: Date | null;
  environment: string | null;
  revision: string | null;
  global_stop: { reason: string; by: string; at: Date } | null;
}

/** Every feature that is not archived, with the number of subjects it admits. */
export function status(store: Store, feature?: string): Promise<Status> {
  return store.reading(async (read) => {
    const state = await read.state();
    const standings = (await read.standings(feature)).filter(({ archived }) => !archived);
    const features: StatusLine[] = [];
    for (const standing of standings) {
      const { eligible, total } = await countsOf(read, standing.feature);
      features.push({ ...standing, held: standing.incident !== null, eligible, total });
    }
    return {
      features,
      heartbeat: state.heartbeat_at,
      environment: state.environment,
      revision: state.revision,
      global_stop: state.global_stop,
    };
  });
}

export interface FeatureStats extends StatusLine {
  epoch: number;
  epoch_started_at: Date;
  categories: { category: string | null; eligible: number; total: number }[];
}

/** The same in detail: who is in, by category, and since when. */
export function stats(
  store: Store,
  feature?: string,
): Promise<{ features: FeatureStats[]; heartbeat: Date | null }> {
  return store.reading(async (read) => {
    if (feature !== undefined) await requireFeature(read, feature);
    const { heartbeat_at } = await read.state();
    const standings = (await read.standings(feature)).filter(({ archived }) => !archived || feature);
    const features: FeatureStats[] = [];
    for (const standing of standings) {
      const counts = await countsOf(read, standing.feature);
      features.push({ ...standing, held: standing.incident !== null, ...counts });
    }
    return { features, heartbeat: heartbeat_at };
  });
}

/** Throws `unknown_feature`, naming those there are. Archived ones are known: their history is kept. */
export async function requireFeature(read: Reader, feature: string): Promise<void> {
  const standings = await read.standings();
  if (standings.some((standing) => standing.feature === feature)) return;
  const known = standings.slice(0, 20).map((standing) => standing.feature);
  const more = standings.length > known.length ? ` and ${standings.length - known.length} more` : '';
  throw new RolloutError('unknown_feature', `there is no feature ${quoted(feature)}`, {
    hint:
      known.length === 0 ? 'there are none yet; run: rollout plan' : `there are ${known.join(', ')}${more}`,
  });
}

async function countsOf(read: Reader, feature: string) {
  const categories = await read.eligible(feature);
  const sum = (pick: (row: (typeof categories)[number]) => number) =>
    categories.reduce((total, row) => total + pick(row), 0);
  return { eligible: sum((row) => row.eligible), total: sum((row) => row.total), categories };
}
